"""What the story left where operators, brokers and proxies look."""

from tests.acceptance.canary import leaks


async def test_the_story_plays_and_no_log_metric_trace_key_header_or_address_holds_personal_data(
    story, stack, run, collector, called
):
    """Six requests in order, emails only after the I-20; a lecture dropped is nothing (case 72), the named course an alert that names what is left (case 71).

    Then the names, addresses, EMPLIDs, SEVIS ids and employers of the story are searched for where nobody may find them.
    """
    assert await leaks(stack, run.logs, collector, called) == []
