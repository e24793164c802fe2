"""Who may look at alerts and act on them, for the API and the pages."""

from typing import Annotated

from fastapi import Depends

from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import plain_problem
from review.alerts.outcomes import ACTS_OF_A_DSO, AlertOutcome

Watcher = Annotated[Person, Depends(require("compliance", "director", "adviser"))]
Reopener = Annotated[Person, Depends(require("compliance", "director"))]
Director = Annotated[Person, Depends(require("director"))]
Operator = Annotated[Person, Depends(require("operations", "compliance", "director"))]


def viewer_of(person: Person) -> str | None:
    """None sees every alert."""
    return None if person.has("compliance", "director") else person.sub


def require_dso(person: Person, outcome: AlertOutcome) -> None:
    """Only a DSO approves a withdrawal or writes to SEVIS. Raises a 403."""
    if outcome in ACTS_OF_A_DSO and not person.has("adviser", "director"):
        raise plain_problem(403, "A DSO records this outcome: it is their act in SEVIS or their approval.")
