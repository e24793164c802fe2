"""python -m intake web|worker|migrate|draw-pictures|import-experiences|restore-line|retention|end-sessions|parked|rewind|verify-audit."""

import intake
from cpt.runtime.main import run_service
from intake.settings import IntakeSettings

if __name__ == "__main__":
    run_service(intake, IntakeSettings)
