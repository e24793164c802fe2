"""How a worker knows itself: not live = a restart would help, ready = it can do its work now."""

from collections.abc import Mapping, Sequence

from cpt.messaging.kafka import Subscription
from cpt.postgres import Database
from cpt.runtime.consuming import Keeper
from cpt.runtime.loops import Loop
from cpt.runtime.probes import Check


def live_checks(subscription: Subscription, keeper: Keeper, loops: Sequence[Loop]) -> Mapping[str, Check]:
    """Progress, not a ping: a failing loop lives, a stuck one does not; nor does a consumer that stays ill although the
    broker answers. A broker that is away is no reason to restart anybody.
    """

    async def consuming() -> str | None:
        if subscription.hangs():
            return f"one delivery has run for over {subscription.patience:.0f} s"
        return "no poll without error for too long" if keeper.ill() else None

    return {"consumer": consuming} | {loop.name: _not_stuck(loop) for loop in loops}


def ready_checks(database: Database, subscription: Subscription, loops: Sequence[Loop]) -> Mapping[str, Check]:
    """Also whether so much was parked that the consumer waits for a person."""

    async def postgres() -> None:
        await database.ping()
        await database.end_overlong()

    async def kafka() -> str | None:
        return subscription.trouble()

    async def parking() -> str | None:
        return "too much was parked" if await subscription.delivery.full() else None

    parts = {"postgres": postgres, "kafka": kafka, "parking": parking}
    return parts | {loop.name: _ran(loop) for loop in loops}


def _not_stuck(loop: Loop) -> Check:
    async def check() -> str | None:
        return f"one step has run for over {loop.patience:.0f} s" if loop.stuck() else None

    return check


def _ran(loop: Loop) -> Check:
    async def check() -> str | None:
        return None if loop.ran else "has not run yet"

    return check
