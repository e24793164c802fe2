"""Twenty seconds of faults against a whole stack, and two minutes with its start, drain and verdict."""

from infra.chaos.options import Options
from infra.chaos.run import play
from infra.chaos.stack import a_stack


async def test_every_promise_holds_under_a_few_faults(tmp_path):
    """docs/protocol.md: promises 1–13; P2, P9–P11, P13, P17, P21, P25, P31, P32, P35, P37."""
    with a_stack(tmp_path) as stack:
        report = await play(Options(tmp_path, seconds=20, seed=7, least=6, brief=True, pace=1.5, rounds=0), stack)

    assert report.violations == 0, {n: v.violations for n, v in report.verdicts.items() if v.violations}
    assert len({fault.kind for fault in report.faults}) >= 5
    assert report.figures["issued"] >= 5
