"""Offer letters of many employers in many layouts; each states every fact of its form."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.letters import LAYOUTS, Wording, offer_letter
from infra.letters.wording import DATES
from tests.letters.factory import form, with_ligatures

ALL_FACTS = (
    "employer",
    "letterhead",
    "mailing_address",
    "job_title",
    "duties",
    "hours_per_week",
    "start_date",
    "end_date",
    "location",
    "compensation",
)


@dataclass(frozen=True)
class Sample:
    name: str
    layout: str
    form: dict[str, Any] = field(default_factory=form)
    wording: Wording = field(default_factory=Wording)
    finish: Callable[[bytes], bytes] = bytes

    def pdf(self, *omit: str) -> bytes:
        return self.finish(offer_letter(self.form, self.layout, omit, wording=self.wording))


def at(street: str, city: str, region: str, postal_code: str, country: str = "US") -> dict[str, str]:
    return {"street": street, "city": city, "region": region, "postal_code": postal_code, "country": country}


BANK = form(
    employer="Field & Flow Financial Corporation",
    employer_address=at("One Market Plaza, Suite 3600", "San Francisco", "California", "94105"),
    job_title="Quantitative Research Co-op",
    duties="Analyze filings and cash flow of fixed income funds; build dashboards in R; present findings to portfolio staff.",
    hours_per_week=40,
    start_date="2026-05-18",
    end_date="2026-12-18",
    work_locations=[at("One Market Plaza, Suite 3600", "San Francisco", "CA", "94105")],
    compensation="$52,000.00 per year, $1,500 relocation bonus, medical insurance",
)
CLINIC = form(
    employer="The Québec Institute (a research hospital)",
    employer_address=at("25 Rue Saint-Paul", "Montréal", "QC", "H2Y 1H2", "CA"),
    job_title="Intern, Health Data",
    duties="Clean patient registries, fit survival models, and write the methods section of a paper.",
    hours_per_week="37.5",
    start_date="2026-06-01",
    end_date="2026-06-30",
    work_locations=[at("700 N. Elm Ave, 3rd Floor", "St. Louis", "MO", "63101")],
    compensation="$2,000 per month; free lunch",
)
FARM = form(
    employer="Hadley Growers Co.",
    employer_address=at("P.O. Box 77", "Hadley", "MA", "01035"),
    job_title="Assistant",
    duties="Soil sampling, irrigation planning",
    hours_per_week=15,
    start_date="2027-01-04",
    end_date="2027-05-13",
    work_locations=[
        at("88 Russell Street", "Hadley", "MA", "01035"),
        at("3 River Road", "Whately", "Massachusetts", "01093"),
    ],
    compensation="stipend of $3,500",
)
FORMS = {"robots": form(), "bank": BANK, "clinic": CLINIC, "farm": FARM}


def _every_layout() -> list[Sample]:
    """Each layout with each form; the way of writing dates changes from letter to letter."""
    styles = sorted(DATES)
    pairs = [(layout, name) for layout in LAYOUTS for name in FORMS]
    return [
        Sample(f"{layout}-{name}-{styles[n % len(styles)]}", layout, FORMS[name], Wording(styles[n % len(styles)]))
        for n, (layout, name) in enumerate(pairs)
    ]


def _ways_to_say(fact: str, *sentences: str, layout: str = "plain", **changed: Any) -> list[Sample]:
    return [
        Sample(f"{fact}: {sentence}", layout, form(**changed), Wording(say={fact: sentence})) for sentence in sentences
    ]


COMPLETE = [
    *_every_layout(),
    *[Sample(f"ligatures-{layout}", layout, BANK, finish=with_ligatures) for layout in ("plain", "two_pages", "table")],
    *_ways_to_say(
        "hours_per_week", "Hours: twenty (20) each week", "a 20-hour week", "10 to 20 hours/week", "up to 20 hrs per wk"
    ),
    *_ways_to_say("hours_per_week", "twenty hours per week", "10-20 hours per week", layout="narrow"),
    *_ways_to_say(
        "start_date",
        "You start on the fourteenth of September, 2026.",
        "Start Mon, Sept. 14th 2026",
        "Sep-\ntember 14, 2026",
    ),
    *_ways_to_say(
        "compensation", "USD 24/hr and a pass for public transit", "twenty-four dollars an hour; transit pass"
    ),
    *_ways_to_say(
        "compensation", "Hourly rate $24.00 and transit passes", "24.00 per hour, transit pass", layout="table"
    ),
    *_ways_to_say("location", "You will work at 400 Dwight St., Ste 5, in Holyoke, Massachusetts."),
    *_ways_to_say("job_title", "Title: INTERN (ROBOTICS)", "You join us as a robotics intern."),
    *_ways_to_say(
        "duties", "You test motor controllers, document results and write tools in Python for our laboratory."
    ),
]

SAID_OTHERWISE = [
    *_ways_to_say(
        "hours_per_week",
        "20-25 hours per week",
        "part time",
        "20 hours per month",
        "at least 20, at most 25 hours a week",
    ),
    *_ways_to_say("hours_per_week", "20 to 30", "flexible", layout="table"),
    *_ways_to_say("start_date", "Summer 2026", "on or about September 14, 2026", "upon CPT approval", "September 14"),
    *_ways_to_say("start_date", "around September 14, 2026", "tentatively 9/14/2026", "Fall 2026", layout="narrow"),
    *_ways_to_say("end_date", "December 2026", "no later than December 11, 2026", "12/10/2026", layout="columns"),
    *_ways_to_say(
        "compensation", "$24.00 per day and a transit pass", "$24.00 per hour", "$24.00, transit pass", "unpaid"
    ),
    *_ways_to_say("compensation", "$25.00 per hour, transit pass", "competitive, transit pass", layout="labels_first"),
    *_ways_to_say(
        "location", "Remote", "400 Dwight Street", "our Holyoke office", "4000 Dwight Street, Suite 5, Holyoke, MA"
    ),
    *_ways_to_say("job_title", "You are hired as an intern.", "Robotics engineer", "International robotics assistant"),
    *_ways_to_say("duties", "Your manager will tell you your duties.", "Various tasks in the results office"),
]
