"""What SPIRE shows of one student: the course that the request names, another training course, and a lecture beside them."""

from collections import Counter
from dataclasses import dataclass, field

from tests.component.enrollment_sync.told import a_row

NAMED, OTHER, LECTURE = "41234", "51111", "50001"
FORMS = {
    NAMED: {"units": "1.00"},
    OTHER: {"catalog_nbr": " 696", "units": "1.00"},
    LECTURE: {"catalog_nbr": " 510", "units": "9.00", "component": "LEC"},
}
GONE = {"status": "D", "reason": "DROP", "units": "0.00"}
FORGED = 2**62


@dataclass
class Classes:
    """`rests_on`: the class that the office knows it by; `acts`: what may deserve an alert, and was done or forged."""

    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    rests_on: str = NAMED
    acts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def at_first(cls, sequence, day):
        """A full load without the other training course."""
        classes = cls()
        for class_nbr in (NAMED, LECTURE):
            classes.turn(class_nbr, next(sequence), day)
        return classes

    def has(self, class_nbr):
        return class_nbr in self.rows and self.rows[class_nbr]["status"] == "E"

    @property
    def carries(self):
        return self.has(self.rests_on)

    def turn(self, class_nbr, seq, day):
        """Dropped where it was taken, added where it was not; returns the row."""
        had = self.has(class_nbr)
        if had and class_nbr != LECTURE:
            self.acts["loss"] += 1
        self.rows[class_nbr] = self.row(class_nbr, seq, day, on=not had)
        return self.rows[class_nbr]

    def row(self, class_nbr, seq, day, *, on):
        return a_row(class_nbr, seq, effective_dt=day.isoformat(), **(FORMS[class_nbr] | ({} if on else GONE)))
