"""The token bucket."""

from cpt.web.limits import Rate


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_key_may_spend_two_seconds_worth_at_once_and_then_waits():
    rate = Rate(5, Seconds())

    assert [rate.take("a") for _ in range(10)] == [0] * 10
    assert rate.take("a") == 0.2


def test_what_was_spent_comes_back_with_time():
    seconds = Seconds()
    rate = Rate(5, seconds)
    while not rate.take("a"):
        pass
    seconds.now += 1

    assert [rate.take("a") == 0 for _ in range(6)] == [True] * 5 + [False]


def test_one_key_does_not_spend_what_belongs_to_another():
    rate = Rate(1, Seconds())
    while not rate.take("a"):
        pass

    assert rate.take("b") == 0


def test_idle_keys_are_forgotten_and_busy_ones_are_not():
    seconds = Seconds()
    rate = Rate(1, seconds)
    for visitor in range(10_000):
        rate.take(f"visitor {visitor}")
    seconds.now += 60
    while not rate.take("busy"):
        pass
    rate.take("one more")

    assert len(rate._levels) < 10
    assert rate.take("busy") > 0
