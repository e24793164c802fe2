"""Every act of every service asks who is concerned, or is about nobody (A31)."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from cpt.web.people import require
from tests.security.services import SERVICES, routes_of

STUDENTS = {"student"}
MACHINES = {"registrar", "handshake"}
CONCERNED = re.compile(r"{(request_id|alert_id|task_id|batch_id|notice_id|number|parked_id|seq)}")
"""What names a case or a message: tests/component/review/test_own_case.py, tests/component/notifier/test_authorization.py
and tests/component/test_own_messages.py try each on the actor's own.
"""
ABOUT_NOBODY = {
    "POST /signout": "the browser's own session",
    "POST /sessions/end": "the person's own sessions",
    "POST /api/reconcile/{strm}": "a term, everybody in it",
    "POST /reconcile": "a term, everybody in it",
    "PUT /api/calendar": "the university's calendar",
    "PUT /api/codes": "the code sets of SPIRE",
    "POST /api/line/{receipt_number}/pass-over": "a number whose case nobody has seen",
    "PUT /api/sevis/user-id": "the adviser's own user ID",
    "POST /sevis/user-id": "the adviser's own user ID",
    "POST /consultation": "shows whoever holds the code mailed to them what they are asked",
    "POST /consultation/answer": "whoever holds the code mailed to them, who is never the student",
    "POST /search": "reads; what was typed is in no address",
    "POST /texts/{name}": "words of the office to all students",
    "POST /mails/{kind}": "an example student, and nothing is kept",
    "POST /alerts/looked": "when the person last looked at the board",
}
OWN = "component/review/test_own_case.py::test_an_act_that_names_no_case_leaves_my_own_as_it_is_and_does_not_show_it"
SEVIS = "component/review/test_sevis.py::test_nobody_carries_their_own_case_to_sevis"
ASKED_INSIDE = {
    "POST /api/cases/next": OWN,
    "POST /next": OWN,
    "POST /hand-over": OWN,
    "POST /api/sevis/batches": SEVIS,
    "POST /sevis/batches": SEVIS,
    "POST /api/sevis/answers": SEVIS,
    "POST /sevis/answers": SEVIS,
    "POST /api/alerts/held/release": OWN,
    "POST /api/alerts/held/reject": OWN,
    "POST /alerts/held": OWN,
    "POST /alerts/bulk": OWN,
    "POST /bounced": "component/notifier/test_bounces.py::test_nobody_records_a_bounce_of_their_own_request",
}
"""Acts that name no case in their address and ask in their use case; the test is one in which a person who is concerned,
and has a role of staff, does it and is refused.
"""


def acts(service):
    for route in routes_of(service):
        if isinstance(route, APIRoute):
            for method in sorted(route.methods - {"GET", "HEAD"}):
                yield f"{method} {route.path}", roles_of(route)


def roles_of(route):
    """Of the dependencies that ask for them; None where nothing asks."""
    found, todo = set(), [route.dependant]
    while todo:
        one = todo.pop()
        todo += one.dependencies
        if one.call is not None and getattr(one.call, "__qualname__", "").startswith(require.__name__):
            found |= set(one.call.__closure__[0].cell_contents or ())
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_act_is_a_students_own_a_machines_about_a_case_or_listed(service):
    """A new act fails here until somebody has said whom it concerns."""
    unasked = {
        act: sorted(roles)
        for act, roles in acts(service)
        if not (roles and roles <= STUDENTS)
        and not (roles and roles <= MACHINES)
        and not CONCERNED.search(act)
        and act not in ABOUT_NOBODY.keys() | ASKED_INSIDE.keys()
    }

    assert unasked == {}


def test_what_is_listed_exists():
    there = {act for service in SERVICES for act, _ in acts(service)}

    assert ABOUT_NOBODY.keys() | ASKED_INSIDE.keys() <= there


@pytest.mark.parametrize("act", ASKED_INSIDE)
def test_the_test_of_an_act_that_asks_inside_does_it(act):
    file, _, name = ASKED_INSIDE[act].partition("::")
    source = Path("tests", file).read_text("utf-8")

    assert name in source
    assert act.split()[1] in source or "/api/sevis/answers" in source
    assert "A31" in source
