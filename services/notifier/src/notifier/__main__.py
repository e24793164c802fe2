"""python -m notifier web|worker|migrate|retention|end-sessions|parked|rewind|verify-audit."""

import notifier
from cpt.runtime.main import run_service
from notifier.settings import NotifierSettings

if __name__ == "__main__":
    run_service(notifier, NotifierSettings)
