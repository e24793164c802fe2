"""No approval email on a lost enrollment, and nothing else broken, in any order of what happens (docs/protocol.md)."""

import asyncio
import contextlib
import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cpt.contracts.review import ReturnReason
from cpt.contracts.values import NamedCourse
from infra.campus.server import running_campus
from infra.campus.settings import Settings as CampusSettings
from intake.domain.lifecycle import Refused as RefusedByIntake
from intake.student.resubmit_request import resubmit_request
from intake.student.withdraw_request import withdraw_request
from review.cases.decide_case import return_case
from review.cases.hand_over_case import give_back_case
from review.cases.name_courses import name_courses
from review.cases.ownership import NoSuchCase
from review.domain import Refused
from review.line.assign_next_case import assign_next_case
from tests.factories import ADVISER, COLLEAGUE
from tests.interleavings.classes import FORGED, LECTURE, NAMED, OTHER
from tests.interleavings.promises import broken_promises
from tests.interleavings.stages import STAGES, Ground, approve, holder_of, issue
from tests.interleavings.world import SERVICES, STUDENTS

EXAMPLES = int(os.environ.get("CPT_INTERLEAVINGS", "20"))
STEPS = 40
REASON = ReturnReason(text="Please correct the dates.", item=None)
OTHER_COURSE = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="696", class_nbr=OTHER)
students = st.sampled_from(STUDENTS)
advisers = st.sampled_from((ADVISER, COLLEAGUE))


class Interleavings(RuleBasedStateMachine):
    """Three students, two advisers, and a network without order between its lanes."""

    ground: Ground

    def __init__(self):
        super().__init__()
        self.run, self.world, self.classes = self.ground.run, None, {}

    @initialize(stage=st.sampled_from(STAGES))
    def begin(self, stage):
        """The world as it was when everything had gone well so far."""
        self.world, self.classes = self.run(self.ground.open_copy(stage))
        self.versions = dict.fromkeys(STUDENTS, 1)

    # The network

    @rule(service=st.sampled_from(SERVICES), dies=st.booleans())
    def relay(self, service, dies):
        self.run(self.world.relay(service, dies=dies))

    @rule(data=st.data(), most=st.integers(1, 3))
    def deliver(self, data, most):
        if pairs := self.world.unread():
            self.run(self.world.deliver(*data.draw(st.sampled_from(pairs)), most))

    @rule(data=st.data(), back=st.integers(1, 4))
    def hear_again(self, data, back):
        read = [(name, place) for place, lane in self.world.lanes.items() for name in lane.read if lane.read[name]]
        if read:
            self.world.forget_offset(*data.draw(st.sampled_from(read)), back)

    @rule(seed=st.integers(0, 2**16))
    def everything_arrives(self, seed):
        self.run(self.world.settle(Random(seed).choice))

    # Loops and time

    @rule()
    def check(self):
        self.run(self.world.checks.step())

    @rule()
    def die_after_claim(self):
        self.run(self.world.die_after_claim())

    @rule(minutes=st.sampled_from((1, 3, 16, 31)))
    def time_passes(self, minutes):
        self.run(self.world.pass_time(minutes))

    # The campus

    @rule(emplid=students, class_nbr=st.sampled_from((NAMED, NAMED, NAMED, LECTURE)), told=st.booleans())
    def drop_or_add(self, emplid, class_nbr, told):
        self.turn(emplid, class_nbr, told=told)

    @rule(emplid=students, told=st.booleans())
    def swap(self, emplid, told):
        """One training course for the other, in one enrollment request; its rows are two messages."""
        classes = self.classes[emplid]
        if classes.has(NAMED) != classes.has(OTHER):
            gone, new = (NAMED, OTHER) if classes.has(NAMED) else (OTHER, NAMED)
            classes.acts["swap"] += 1
            self.turn(emplid, gone, new, told=told)

    @rule(emplid=students, on=st.booleans())
    def forge(self, emplid, on):
        """A message that claims to be later than anything SPIRE will ever come to (P17)."""
        classes, seq = self.classes[emplid], FORGED + next(self.ground.sequence)
        classes.acts["loss"] += not on
        self.world.registrar_tells(emplid, classes.row(NAMED, seq, self.world.now.date(), on=on))

    def turn(self, emplid, *class_nbrs, told):
        classes, sequence, day = self.classes[emplid], self.ground.sequence, self.world.now.date()
        rows = [classes.turn(class_nbr, next(sequence), day) for class_nbr in class_nbrs]
        self.run(self.world.enroll(emplid, classes))
        for row in rows if told else ():
            self.world.registrar_tells(emplid, row, act=f"request {rows[0]['source_seq']}")

    @rule(emplid=students, status=st.sampled_from(("approved", "withdrawn")))
    def handshake(self, emplid, status):
        self.versions[emplid] += 1
        self.world.handshake_tells(emplid, self.versions[emplid], status)

    # People

    @rule(adviser=advisers)
    def take_next(self, adviser):
        self.run(self.world.act("review", assign_next_case, adviser, None))

    @rule(emplid=students)
    def approve(self, emplid):
        with self.held(emplid) as (request_id, holder):
            self.run(approve(self.world, request_id, holder))

    @rule(emplid=students, office_error=st.booleans())
    def return_to_student(self, emplid, office_error):
        with self.held(emplid) as (request_id, holder):
            self.run(self.world.act("review", return_case, request_id, holder, [REASON], office_error=office_error))

    @rule(emplid=students)
    def give_back(self, emplid):
        with self.held(emplid) as (request_id, holder):
            self.run(self.world.act("review", give_back_case, request_id, holder, "On leave"))

    @rule(emplid=students)
    def issue(self, emplid):
        with self.held(emplid) as (request_id, holder):
            self.run(issue(self.world, request_id, holder))

    @rule(emplid=students)
    def confirm_the_other_course(self, emplid):
        """A DSO's word: from now on the CPT rests on it (A24)."""
        if self.classes[emplid].has(OTHER):
            with self.held(emplid) as (request_id, holder):
                self.run(self.world.act("review", name_courses, request_id, holder, [OTHER_COURSE], "It fits"))
                self.classes[emplid].rests_on = OTHER

    @rule(emplid=students)
    def resubmit(self, emplid):
        self.student_acts(resubmit_request, emplid, "Done")

    @rule(emplid=students, sure=st.integers(0, 3))
    def withdraw(self, emplid, sure):
        if sure == 0:
            self.student_acts(withdraw_request, emplid)

    @contextlib.contextmanager
    def held(self, emplid):
        """The request and who holds it; what is refused changes nothing."""
        request_id = self.ground.requests[emplid]
        with contextlib.suppress(Refused, NoSuchCase):
            yield request_id, self.run(holder_of(self.world, request_id)) or ADVISER

    def student_acts(self, use_case, emplid, *arguments):
        with contextlib.suppress(RefusedByIntake):
            self.run(self.world.student_acts(use_case, self.ground.requests[emplid], emplid, *arguments))

    def teardown(self):
        if self.world is None:
            return
        try:
            classes = {self.ground.requests[emplid]: known for emplid, known in self.classes.items()}
            broken = self.run(broken_promises(self.world, classes))
        finally:
            self.run(self.ground.drop(self.world))
        assert broken == []


@pytest.fixture
def ground(postgres, tmp_path):
    loop = asyncio.new_event_loop()
    campus = CampusSettings(port=0, smtp_port=0, kafka="", state_dir=tmp_path, spire_token="secret")
    running = running_campus(campus)
    ground = Ground(loop, postgres, loop.run_until_complete(running.__aenter__()).url)
    ground.run(ground.prepare((tmp_path / "objects").as_uri()))
    yield ground
    ground.run(ground.drop_stages())
    ground.run(running.__aexit__(None, None, None))
    loop.close()


def test_every_promise_holds_in_any_interleaving(ground):
    """P1–P8, P17, P20, P21, P22, P25, P26, A23, A24, R51, R54, R61: the order between topics, duplicates and crashes change nothing."""
    Interleavings.ground = ground
    run_state_machine_as_test(
        Interleavings,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="CPT_INTERLEAVINGS" not in os.environ,
            database=None,
            phases=[Phase.explicit, Phase.generate],  # shrinking takes longer than reading the steps
            suppress_health_check=list(HealthCheck),
        ),
    )
