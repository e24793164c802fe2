"""A suspicion and its confirmation between enrollment-sync and review as an explicit-state model (P25, P26).

Every order in which drops, re-adds, their messages, the window, the question, reads and SPIRE's silence can interleave for
one course. What enrollment-sync makes of messages out of order is `watch_model`'s; here the lanes keep their order, and the
two services are not ordered against each other. Not modeled: the mass guard, other kinds of loss, acts of people.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

MUTANTS = {
    "P26w": "a read that nobody had asked for after the window confirms",
    "P26q": "a read that began before the question answers it",
    "P26s": "while SPIRE is silent nothing is ever confirmed",
    "P25e": "a message that the course was added again ends the suspicion",
    "P25o": "what was lost again since never ends",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """`asked`: the window has passed and the question is out."""

    state: str = "suspected"
    asked: bool = False
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What it saw, and what had been asked when it began."""

    on: bool
    questions: frozenset[int]
    seen: int


@dataclass(frozen=True, slots=True)
class Told:
    """`answers`: the questions that a check answers; `asked`: those that really were there when its read began."""

    kind: str
    k: int = 0
    answers: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """`acts`: how often the course went or came; `known`: how many of them enrollment-sync has heard of; `standing` and
    `annotated`: the losses that are open there. Messages: the registrar's, enrollment-sync's to review, and review's questions.
    """

    on: bool = True
    acts: int = 0
    known: int = 0
    standing: frozenset[int] = frozenset()
    annotated: frozenset[int] = frozenset()
    losses: int = 0
    away: bool = False
    due: bool = False
    questions: frozenset[int] = frozenset()
    reading: Read | None = None
    campus: tuple[bool, ...] = ()
    to_review: tuple[Told, ...] = ()
    to_sync: tuple[int, ...] = ()
    alerts: tuple[Alert, ...] = ()
    budget: tuple[int, int] = (0, 0)
    """Drops and re-adds together, and silences of SPIRE."""
    wrong: str = ""


@dataclass(slots=True)
class Exploration:
    without: str = ""
    states: int = 0
    broken: list[str] = field(default_factory=list)


def explore(first: State, without: str = "") -> Exploration:
    """Stops at the first broken promise."""
    found, seen, queue = Exploration(without), {first}, deque([first])
    while queue and not found.broken:
        state = queue.popleft()
        found.states += 1
        steps = list(system_steps(state, without))
        found.broken += [state.wrong] if state.wrong else [] if steps else at_rest(state)
        for after in (*steps, *acts(state)):
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return found


def at_rest(state: State) -> list[str]:
    standing = [alert for alert in state.alerts if alert.state == "confirmed" and not alert.annotated]
    if any(alert.state == "suspected" for alert in state.alerts):
        return ["a suspicion is never decided"]
    if not state.on and not standing:
        return ["the course is gone, and no confirmed alert says so"]
    return (
        ["the course is there, and an alert says that it is gone"] if state.on and standing and not state.away else []
    )


def system_steps(state: State, without: str) -> Iterator[State]:
    if state.campus:
        yield hear_registrar(replace(state, campus=state.campus[1:]), on=state.campus[0])
    if state.to_sync:
        left = replace(state, to_sync=state.to_sync[1:], due=True)
        yield replace(left, questions=left.questions | {state.to_sync[0]})
    if state.to_review:
        yield hear_sync(replace(state, to_review=state.to_review[1:]), state.to_review[0], without)
    if state.reading:
        yield finish(replace(state, reading=None), state.reading, without)
    elif state.due and not state.away:
        read = Read(state.on, state.questions, state.acts)
        yield replace(state, due=False, reading=read)
    for k, alert in enumerate(state.alerts):
        if alert.state == "suspected" and not alert.asked:
            yield replace(_with(state, k, asked=True), to_sync=(*state.to_sync, k))
        if alert.state == "suspected" and alert.asked and state.away and without != "P26s":
            yield _with(state, k, state="confirmed")


def acts(state: State) -> Iterator[State]:
    turns, silences = state.budget
    if turns:
        left = replace(state, on=not state.on, acts=state.acts + 1, budget=(turns - 1, silences))
        yield replace(left, campus=(*state.campus, left.on))
    if silences and not state.away and not state.reading:
        yield replace(state, away=True, budget=(turns, silences - 1))
    if state.away:
        yield replace(state, away=False)


def hear_registrar(state: State, *, on: bool) -> State:
    if state.known >= state.acts - len(state.campus):  # a read has told of it
        return state
    state = replace(state, known=state.known + 1, due=True)
    if not on:
        return state if state.standing else _lost(state)
    for k in sorted(state.standing):
        state = _tell(state, Told("annotated", k))
    return replace(state, standing=frozenset(), annotated=state.annotated | state.standing)


def finish(state: State, read: Read, without: str) -> State:
    """Below what was told meanwhile it is repeated (P17)."""
    if read.seen < state.known:
        return replace(state, due=True)
    answers = state.questions if without == "P26q" else read.questions
    state = replace(state, known=read.seen, questions=state.questions - answers)
    over = state.annotated | (state.standing if read.on else frozenset())
    if not read.on and not state.standing:
        state = _lost(state)
    if read.on or without != "P25o":
        for k in sorted(over):
            state = _tell(state, Told("regained", k))
        state = replace(state, standing=state.standing - over, annotated=frozenset())
    return _tell(state, Told("met" if read.on else "not_met", 0, answers, read.questions))


def hear_sync(state: State, told: Told, without: str) -> State:
    k = told.k
    match told.kind:
        case "lost":
            return replace(state, alerts=(*state.alerts, Alert()))
        case "annotated" if _open(state, k) and without == "P25e":
            return replace(_with(state, k, state="closed"), wrong="a message alone ended a suspicion")
        case "annotated":
            return _with(state, k, annotated=True)
        case "regained":
            return _with(state, k, annotated=True, **({"state": "closed"} if _open(state, k) else {}))
        case "not_met":
            for k in range(len(state.alerts)):
                state = _confirm(state, k, told, without)
    return state


def _confirm(state: State, k: int, told: Told, without: str) -> State:
    if not _open(state, k) or (k not in told.answers and without != "P26w"):
        return state
    wrong = "" if k in told.asked else "confirmed by a read that began before it was asked for"
    if state.alerts[k].annotated:
        wrong = "confirmed although the course had come back, and what went again has an alert of its own"
    return replace(_with(state, k, state="confirmed"), wrong=wrong)


def _open(state: State, k: int) -> bool:
    return state.alerts[k].state == "suspected"


def _lost(state: State) -> State:
    state = _tell(state, Told("lost", state.losses))
    return replace(state, standing=frozenset({state.losses}), losses=state.losses + 1, due=True)


def _tell(state: State, told: Told) -> State:
    return replace(state, to_review=(*state.to_review, told))


def _with(of: State, k: int, **new: object) -> State:
    changed = replace(of.alerts[k], **new)  # type: ignore[arg-type]
    return replace(of, alerts=(*of.alerts[:k], changed, *of.alerts[k + 1 :]))
