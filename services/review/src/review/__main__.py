"""python -m review web|worker|migrate|prove-line|export-case|import-authorizations|restore-cases|retention|end-sessions|parked|rewind|verify-audit."""

import review
from cpt.runtime.main import run_service
from review.settings import ReviewSettings

if __name__ == "__main__":
    run_service(review, ReviewSettings)
