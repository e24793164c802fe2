"""python -m notifier web|worker|migrate|parked."""

import notifier
from cpt.runtime.main import run_service
from notifier.app import build_web, build_worker
from notifier.settings import NotifierSettings

if __name__ == "__main__":
    run_service(
        notifier,
        settings=NotifierSettings,
        web=lambda: build_web(NotifierSettings()),
        worker=lambda: build_worker(NotifierSettings()).run(),
    )
