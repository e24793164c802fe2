"""python -m enrollment_sync web|worker|migrate|calendar|codes|check-spire|import-extract|replay-evaluations|restore-told|…."""

import enrollment_sync
from cpt.runtime.main import run_service
from enrollment_sync.settings import EnrollmentSettings

if __name__ == "__main__":
    run_service(enrollment_sync, EnrollmentSettings)
