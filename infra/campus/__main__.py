"""`python -m infra.campus`"""

import logging

from infra.campus.server import serve
from infra.campus.settings import Settings

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # aiokafka reports each failed attempt to connect; /readyz says it once
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    settings = Settings()
    print(f"campus on {settings.url}, mail on port {settings.smtp_port}", flush=True)
    serve(settings)
