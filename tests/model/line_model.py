"""The line at review as an explicit-state model (P2, P3, P11, A26).

Every order in which completions, answers of checks, the calendar, holds that run out and advisers can interleave for three
numbers. Each number has one truth: its check says *met*, never answers in time (`slow`), lies in no term, or beyond the
calendar until one is loaded. Promises are asked at each assignment and wherever nothing is left to do. Not modeled:
approval, returns, recusal, unreadable numbers.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

Truth = Literal["met", "slow", "no_term", "beyond"]
Standing = Literal["absent", "pending", "waiting", "set_aside", "out"]
Message = tuple[str, int, str]
MUTANTS = {
    "A26n": "an answer of no term holds the line like a slow one",
    "A26c": "an answer of no calendar holds the line like a slow one",
    "A26g": "who was set aside is given out before a calendar is there",
    "A26r": "a calendar calls nobody back",
    "A26s": "an answer of before the calendar sets aside who was called back",
    "A26l": "who is called back waits behind all others",
    "P11h": "a missing number does not hold the line",
    "P11w": "a pending number does not hold the line",
    "P11e": "a pending number holds the line for ever",
}


@dataclass(frozen=True, slots=True)
class Number:
    """`known`: the last answer, also before the completion (P1); `held`: its only hold still runs; `called`: back from the
    side by a calendar.
    """

    truth: Truth
    standing: Standing = "absent"
    known: str = ""
    held: bool = True
    called: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """`calendar`: it is loaded; `heard`: review knows; `time`: how many holds may run out; `skipped`: whom the last
    assignment passed by.
    """

    numbers: tuple[Number, ...]
    messages: frozenset[Message]
    calendar: bool = False
    heard: bool = False
    time: int = 0
    skipped: tuple[str, ...] = ()


@dataclass(slots=True)
class Exploration:
    without: str = ""
    states: int = 0
    broken: list[str] = field(default_factory=list)


def start(*truths: Truth, time: int = 0) -> State:
    """Every completion is on its way, and every first answer."""
    completions = {("completed", n, "") for n in range(len(truths))}
    answers = {("checked", n, answer) for n, truth in enumerate(truths) if (answer := _answer(truth, calendar=False))}
    return State(tuple(Number(truth) for truth in truths), frozenset(completions | answers), time=time)


def explore(first: State, without: str = "") -> Exploration:
    """Stops at the first broken promise."""
    found, seen, queue = Exploration(without), {first}, deque([first])
    while queue and not found.broken:
        state = queue.popleft()
        found.states += 1
        steps = list(system_steps(state, without))
        found.broken += state.skipped
        if not steps:
            found.broken += at_rest(state)
        for after in (*steps, *acts(state)):
            if after not in seen:
                seen.add(after)
                queue.append(after)
    return found


def at_rest(state: State) -> list[str]:
    """Advisers are always there, so whoever is still in line is held by a number that may be decided yet."""
    return [
        f"{n} is {number.standing}, and nobody in front of it may still be decided"
        for n, number in enumerate(state.numbers)
        if _might_go(number, state) and not any(one.held and one.truth == "slow" for one in state.numbers[:n])
    ]


def _might_go(number: Number, state: State) -> bool:
    if number.standing == "set_aside":
        return state.calendar
    return number.standing == "waiting" or (number.standing == "pending" and not number.held)


def system_steps(state: State, without: str) -> Iterator[State]:
    state = replace(state, skipped=())
    for message in state.messages:
        yield hear(replace(state, messages=state.messages - {message}), message, without)
    chosen = next_number(state, without)
    if chosen is not None:
        taken = _with(state, chosen, standing="out")
        yield replace(taken, skipped=tuple(passed_by(state, chosen)))


def acts(state: State) -> Iterator[State]:
    state = replace(state, skipped=())
    for n, number in enumerate(state.numbers):
        if state.time and number.standing == "pending" and number.held:
            yield replace(_with(state, n, held=False), time=state.time - 1)
    if not state.calendar:
        beyond = [n for n, number in enumerate(state.numbers) if number.truth == "beyond"]
        told = {("calendar", 0, ""), *(("checked", n, "met") for n in beyond)}
        yield replace(state, calendar=True, messages=state.messages | told)


def hear(state: State, message: Message, without: str) -> State:
    kind, n, answer = message
    if kind == "calendar":
        return recall(state, without)
    number = state.numbers[n]
    if kind == "completed":
        return place(_with(state, n, standing="pending"), n, without)
    if number.known == "met":  # an older answer (P3)
        return state
    return place(_with(state, n, known=answer), n, without)


def place(state: State, n: int, without: str) -> State:
    """Where the last answer puts a number that is in line."""
    number = state.numbers[n]
    if number.standing not in ("pending", "waiting", "set_aside"):
        return state
    if number.known == "met":
        return _with(state, n, standing="waiting")
    if number.known == "no_term" and without != "A26n":
        return _with(state, n, held=False)
    if number.known == "calendar_not_loaded" and without != "A26c" and (not state.heard or without == "A26s"):
        return _with(state, n, standing="set_aside")
    return state


def recall(state: State, without: str) -> State:
    """Their hold is not renewed; without an answer yet they are pending in their place."""
    state = replace(state, heard=True)
    for n, number in enumerate(state.numbers):
        if number.standing == "set_aside" and without != "A26r":
            state = _with(state, n, standing="pending", called=True)
    return state


def next_number(state: State, without: str) -> int | None:
    order = range(len(state.numbers))
    if without == "A26l":
        order = sorted(order, key=lambda n: state.numbers[n].called)
    for n in order:
        number = state.numbers[n]
        if number.standing == "absent" and without != "P11h":
            return None
        if number.standing == "pending" and (number.held or without == "P11e") and without != "P11w":
            return None
        ready = number.standing == "waiting" or (number.standing == "pending" and not number.held)
        if ready or (number.standing == "set_aside" and without == "A26g"):
            return n
    return None


def passed_by(state: State, chosen: int) -> Iterator[str]:
    """What the proof of order says of an assignment (P14)."""
    if state.numbers[chosen].standing == "set_aside":
        yield f"{chosen} went out although no calendar reaches it"
    for n, number in enumerate(state.numbers[:chosen]):
        if number.standing in ("absent", "waiting") or (number.standing == "set_aside" and state.heard):
            yield f"{chosen} went out before {n}, which is {number.standing}"
        if number.standing == "pending":
            yield f"{chosen} went out before {n}, which is pending"


def _answer(truth: Truth, *, calendar: bool) -> str:
    answers = {"met": "met", "slow": "", "no_term": "no_term", "beyond": "met" if calendar else "calendar_not_loaded"}
    return answers[truth]


def _with(state: State, n: int, **new: object) -> State:
    changed = replace(state.numbers[n], **new)  # type: ignore[arg-type]
    return replace(state, numbers=(*state.numbers[:n], changed, *state.numbers[n + 1 :]))
