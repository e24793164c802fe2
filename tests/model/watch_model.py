"""The watch over one student's named course as an explicit-state model (P17, P22, P25, P26, A23, A24).

Breadth first, every order in which SPIRE's acts, its events, our reads and a forged event can interleave in a small
world. Promises are asked in every state (`need`) and wherever nothing is left to do (`at_rest`). Not modeled: time, terms,
several students, what happens before issuance, and what review makes of it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

NAMED, OTHER = "698", "696"
FORGED = 99
AGAIN = -1
STALE_READS = 3
"""Of reads below what was told, after which SPIRE is believed and not the event (P17)."""
MUTANTS = {
    "A23": "any class of the student carries the CPT",
    "A24": "a course that was there all along replaces the named one",
    "P17": "a read replaces what is stored, however old it is",
    "P17f": "a counter from outside is trusted without end",
    "P17a": "what an impossible event had annotated stays annotated",
    "P25": "an event alone ends a suspicion",
    "P25r": "a read that began before a loss was told overrules the event that hides it",
}


@dataclass(frozen=True, slots=True)
class Row:
    seq: int = 0
    on: bool = False
    act: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    seq: int
    kind: str
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """The rows of one enrollment request, which is one act (P24)."""

    rows: tuple[tuple[str, Row], ...]


@dataclass(frozen=True, slots=True)
class Read:
    seq: int
    rows: tuple[Row, Row]
    stood: frozenset[int]
    """Losses that were told when it began; what was told later it knows nothing of."""
    annotated: frozenset[int]
    """Of these, those that had been annotated."""


@dataclass(frozen=True, slots=True)
class State:
    """`truth` and `known`: the named class and the other one; `told`: losses ever told, by the sequence of their act."""

    truth: tuple[Row, Row]
    known: tuple[Row, Row]
    seq: int
    named: str = NAMED
    floor: int = 2
    events: frozenset[Event] = frozenset()
    reading: Read | None = None
    due: bool = False
    stale: int = 0
    losses: frozenset[Loss] = frozenset()
    told: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    budget: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Exploration:
    without: str = ""
    states: int = 0
    broken: list[str] = field(default_factory=list)


def start(*, other: bool, **budget: int) -> State:
    rows = Row(1, on=True), Row(2, on=other)
    return State(rows, rows, seq=2, budget=tuple(sorted(budget.items())))


def explore(first: State, without: str = "", limit: int = 200_000) -> Exploration:
    """Stops at the first broken promise, or at `limit` states."""
    found, seen, queue = Exploration(without), {first}, deque([first])
    while queue and found.states < limit and not found.broken:
        state = queue.popleft()
        found.states += 1
        steps = list(system_steps(state, without))
        found.broken += need(state)
        if not steps:
            found.broken += at_rest(state, without)
        for after in (*steps, *acts(state)):
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return found


def need(state: State) -> list[str]:
    """Of an act that took the named class away there is at most one loss, and none without such an act (P25)."""
    if AGAIN in state.told:
        return ["one act was told twice"]
    without_cause = state.told - state.dropped
    return [f"a loss was told without cause: {sorted(without_cause)}"] if without_cause else []


def at_rest(state: State, without: str) -> list[str]:
    carries = state.truth[_index(state.named)].on
    if carries and state.losses:
        return ["the named course is there, and a loss stands open"]
    kinds = {loss.kind for loss in state.losses}
    if not carries and not any(not loss.annotated for loss in state.losses):
        return ["the named course is gone, and no loss stands open"]
    replaced = [loss for loss in state.losses if loss.kind == "replaced"]
    if kinds == {"replaced"} and not any(row.act == loss.seq for loss in replaced for row in state.known if row.on):
        return ["a course that was not added in the same act replaces the named one"]
    return []


def system_steps(state: State, without: str) -> Iterator[State]:
    """What happens by itself: an event arrives, in any order; a read begins or ends."""
    for event in state.events:
        yield hear(replace(state, events=state.events - {event}), event, without)
    if state.reading:
        yield finish(state, state.reading, without)
    elif state.due:
        annotated = frozenset(loss.seq for loss in state.losses if loss.annotated)
        stood = frozenset(loss.seq for loss in state.losses)
        yield replace(state, due=False, reading=Read(state.seq, state.truth, stood, annotated))
    elif not state.events and state.known != state.truth and not (without == "P17f" and _highest(state) == FORGED):
        yield replace(state, due=True)  # the comparison with the snapshot finds it (P19)


def acts(state: State) -> Iterator[State]:
    named, other = state.truth
    if named.on and (left := spend(state, "drop")):
        yield happens(left, ((NAMED, False),), told=True)
    if named.on and (left := spend(state, "silent_drop")):
        yield happens(left, ((NAMED, False),), told=False)
    if not named.on and (left := spend(state, "re_add")):
        yield happens(left, ((NAMED, True),), told=True)
    if named.on and not other.on and (left := spend(state, "swap")):
        yield happens(left, ((NAMED, False), (OTHER, True)), told=True)
    if other.on and (left := spend(state, "drop_other")):
        yield happens(left, ((OTHER, False),), told=True)
    if left := spend(state, "forge"):
        yield replace(left, events=left.events | {Event(((NAMED, Row(FORGED, on=True)),))})
    if any(loss.kind == "replaced" for loss in state.losses) and other.on and (left := spend(state, "confirm")):
        yield replace(left, named=OTHER, losses=frozenset(), due=True)


def spend(state: State, act: str) -> State | None:
    left = dict(state.budget)
    if not left.get(act):
        return None
    return replace(state, budget=tuple(sorted((left | {act: left[act] - 1}).items())))


def happens(state: State, changes: tuple[tuple[str, bool], ...], *, told: bool) -> State:
    seq, rows, truth = state.seq + 1, [], list(state.truth)
    for course, on in changes:
        row = Row(seq, on=on, act=seq)
        rows.append((course, row))
        truth[_index(course)] = row
    carriers = {state.named, OTHER} if state.truth[1].act else {state.named}
    dropped = {seq for course, on in changes if course in carriers and not on}
    events = state.events | {Event(tuple(rows))} if told else state.events
    both = truth[0], truth[1]
    return replace(state, seq=seq, truth=both, events=events, dropped=state.dropped | dropped)


def hear(state: State, event: Event, without: str) -> State:
    known, overtaken = list(state.known), []
    for course, row in event.rows:
        if row.seq > state.floor and row.seq > known[_index(course)].seq:
            known[_index(course)] = row
        else:
            overtaken.append((course, row))
    if (known[0], known[1]) != state.known:
        state = weigh(state, (known[0], known[1]), None, without)
    for course, row in overtaken:
        if course == state.named and not row.on:
            state = overtake(state, row, without)
    return state


def overtake(state: State, row: Row, without: str) -> State:
    """Recorded as a suspicion; closed at once only where SPIRE itself has shown the class since (P26, case 50)."""
    current = state.known[_index(state.named)]
    if not current.on or row.seq in state.told:
        return state
    state = replace(state, told=state.told | {row.seq})
    if current.seq <= state.floor or without == "P25":
        return state
    return replace(state, losses=state.losses | {Loss(row.seq, "lost", annotated=True)}, due=True)


def finish(state: State, read: Read, without: str) -> State:
    state = replace(state, reading=None)
    highest = _highest(state)
    if read.seq >= highest or without == "P17":
        return weigh(replace(state, floor=read.seq, stale=0), read.rows, read, without)
    if without == "P17f":
        return replace(state, stale=0)  # gives up, and waits for an answer that cannot come
    older = any(loss.seq not in read.stood for loss in state.losses) and without != "P25r"
    if state.stale + 1 < STALE_READS or highest < FORGED or older:
        return replace(state, stale=min(state.stale + 1, STALE_READS), due=True)
    if without != "P17a":
        state = replace(state, losses=frozenset(replace(loss, annotated=False) for loss in state.losses))
    return weigh(replace(state, floor=read.seq, stale=0), read.rows, read, without)


def weigh(state: State, known: tuple[Row, Row], read: Read | None, without: str) -> State:
    was, row = state.known[_index(state.named)], known[_index(state.named)]
    other, other_was = known[1 - _index(state.named)], state.known[1 - _index(state.named)]
    state = replace(state, known=known)
    on = row.on or (without == "A23" and other.on)
    standing = [loss for loss in state.losses if not loss.annotated]
    if on:
        return met_again(state, read, without)
    if standing:
        over = frozenset(loss for loss in state.losses if loss.annotated) if read else frozenset()
        state = replace(state, losses=state.losses - over)
        if all(loss.kind == "replaced" for loss in standing) and other_was.on and not other.on:
            gone = Loss(other.seq, "lost")
            return replace(
                state, losses=state.losses | {gone}, told=state.told | {other.seq}, due=state.due or not read
            )
        return state
    if not was.on and not read:
        return state
    takes = other.on and (other.act == row.seq or without == "A24")
    seq = row.seq if row.seq not in state.told else AGAIN
    loss = Loss(row.seq, "replaced" if takes else "lost")
    losses = frozenset(old for old in state.losses if not read) | {loss}
    return replace(state, losses=losses, told=state.told | {seq}, due=state.due or not read)


def met_again(state: State, read: Read | None, without: str) -> State:
    """An event annotates; a read ends what it did not begin before (P25)."""
    if not state.losses:
        return state
    if read is None:
        if without == "P25":
            return replace(state, losses=frozenset())
        return replace(state, losses=frozenset(replace(loss, annotated=True) for loss in state.losses), due=True)
    left = frozenset(loss for loss in state.losses if loss.annotated and loss.seq not in read.annotated)
    return replace(state, losses=left, due=state.due or bool(left))


def _highest(state: State) -> int:
    return max(state.floor, *(row.seq for row in state.known))


def _index(course: str) -> int:
    return (NAMED, OTHER).index(course)
