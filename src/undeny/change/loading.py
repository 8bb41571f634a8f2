"""The path under load: parallel sessions that repeat the call, with credentials kept and credentials made afresh; bounded, and all counted.

A call that works once may fail for the session that was made before the change, or in the seconds before every place has seen it.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from undeny import denial, diagnose
from undeny.aws import load as calls_of
from undeny.aws.load import Answer
from undeny.calls.model import Request
from undeny.diagnose.model import Case
from undeny.errors import UndenyError
from undeny.evidence import unread

MOST_SESSIONS, MOST_SECONDS, MOST_RATE = 200, 900, 500
Kept = Literal["cached", "fresh"]


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How much: sessions at once, calls a second over all of them, seconds. Half of the sessions make new credentials for each call."""

    sessions: int = 10
    rate: float = 20.0
    seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what is no load or too much of one: it is somebody's account."""
        bounds = (
            (self.sessions, MOST_SESSIONS, "sessions"),
            (self.seconds, MOST_SECONDS, "seconds"),
            (self.rate, MOST_RATE, "calls a second"),
        )
        for given, most, word in bounds:
            if not 0 < given <= most:
                raise UndenyError(f"{given:g} {word} is not between 1 and {most}", code="usage")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of session: how many calls, how many of them denied or failed, and how long they took in milliseconds."""

    calls: int
    denied: int
    failed: int
    p50: float | None
    p95: float | None
    p99: float | None
    slowest: float | None


class Denied(msgspec.Struct, frozen=True, kw_only=True):
    """Denials of one cause: with which sessions, and between which seconds of the run."""

    cause: str
    calls: int
    cached: int
    fresh: int
    first: float
    last: float
    text: str


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What the load came to. `asked` calls were begun, and each of them is in one of the counts."""

    call: str
    sessions: int
    seconds: float
    asked: int
    allowed: int
    denied: int
    failed: int
    error_rate: float
    cached: Part
    fresh: Part
    denials: tuple[Denied, ...] = ()
    failures: Mapping[str, int] = {}
    races: tuple[str, ...] = ()


class _Beat:
    """Hands out the moments at which calls begin, evenly over all sessions, until the time is over."""

    def __init__(self, load: Load, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self.begin = clock()
        self._load, self._clock, self._sleep = load, clock, sleep
        self._lock = threading.Lock()
        self._next = 0

    def wait(self) -> bool:
        """Wait for the next moment; gives false once there is none any more."""
        with self._lock:
            at = self._next / self._load.rate
            self._next += 1
        if at >= self._load.seconds or self._clock() - self.begin >= self._load.seconds:
            return False
        ahead = self.begin + at - self._clock()
        if ahead > 0:
            self._sleep(ahead)
        return self._clock() - self.begin < self._load.seconds


class _Seen(msgspec.Struct, frozen=True):
    kept: Kept
    at: float
    answer: Answer


def load(
    request: Request,
    open_session: Callable[[], calls_of.Session],
    how: Load,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Loaded:
    """Repeat a call that changes nothing, in parallel. `open_session` opens a session of its caller, and takes credentials anew.

    Raises `UndenyError` where the call would change something, or the credentials are another's.
    """
    name = calls_of.name(open_session(), request)
    kinds: list[Kept] = ["fresh" if number % 2 else "cached" for number in range(how.sessions)]
    prepared = [calls_of.prepared(open_session(), request) if kind == "cached" else None for kind in kinds]
    beat, seen = _Beat(how, clock, sleep), [list[_Seen]() for _ in kinds]

    def work(number: int) -> None:
        kept = prepared[number]
        while beat.wait():
            at = clock() - beat.begin
            try:
                make = kept or calls_of.prepared(open_session(), request)
                answer = make()
            except UndenyError as error:  # no credentials, no way to AWS: it is counted like every other call
                answer = Answer(outcome="failed", milliseconds=(clock() - beat.begin - at) * 1000, code=error.code, text=error.message)
            seen[number].append(_Seen(kinds[number], at, answer))

    threads = [threading.Thread(target=work, args=(number,), name=f"undeny-load-{number}") for number in range(how.sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _told(request, name, how, [one for each in seen for one in each], clock() - beat.begin)


def _told(request: Request, name: str, how: Load, seen: Sequence[_Seen], seconds: float) -> Loaded:
    denied = [one for one in seen if one.answer.outcome == "denied"]
    failed = [one for one in seen if one.answer.outcome == "failed"]
    causes: dict[str, list[_Seen]] = {}
    for one in denied:
        causes.setdefault(_cause(one.answer.text, request), []).append(one)
    denials = tuple(_denials(cause, alike) for cause, alike in sorted(causes.items(), key=lambda item: -len(item[1])))
    parts = {kind: _part([one for one in seen if one.kept == kind]) for kind in ("cached", "fresh")}
    return Loaded(
        call=name,
        sessions=how.sessions,
        seconds=round(seconds, 1),
        asked=len(seen),
        allowed=len(seen) - len(denied) - len(failed),
        denied=len(denied),
        failed=len(failed),
        error_rate=round((len(denied) + len(failed)) / len(seen), 4) if seen else 0.0,
        cached=parts["cached"],
        fresh=parts["fresh"],
        denials=denials,
        failures=dict(Counter(one.answer.code for one in failed)),
        races=tuple(_races(denials, parts, seconds)),
    )


def _denials(cause: str, alike: Sequence[_Seen]) -> Denied:
    times = [one.at for one in alike]
    cached = sum(one.kept == "cached" for one in alike)
    return Denied(
        cause=cause,
        calls=len(alike),
        cached=cached,
        fresh=len(alike) - cached,
        first=round(min(times), 1),
        last=round(max(times), 1),
        text=alike[-1].answer.text,
    )


def _part(seen: Sequence[_Seen]) -> Part:
    taken = sorted(one.answer.milliseconds for one in seen)
    return Part(
        calls=len(seen),
        denied=sum(one.answer.outcome == "denied" for one in seen),
        failed=sum(one.answer.outcome == "failed" for one in seen),
        p50=_at(taken, 0.50),
        p95=_at(taken, 0.95),
        p99=_at(taken, 0.99),
        slowest=round(taken[-1], 1) if taken else None,
    )


def _at(taken: Sequence[float], share: float) -> float | None:
    """Give the value below which that share of the calls stayed (the nearest rank)."""
    return round(taken[max(0, -int(-share * len(taken) // 1) - 1)], 1) if taken else None


def _races(denials: Sequence[Denied], parts: Mapping[str, Part], seconds: float) -> list[str]:
    out = []
    for one in denials:
        if one.cached and not one.fresh and parts["fresh"].calls:
            out.append(f"{one.cause}: only sessions made before are denied: they end, or are made again, before the change holds for them")
        if one.fresh and not one.cached and parts["cached"].calls:
            out.append(f"{one.cause}: only sessions made afresh are denied: a role or key that is new is not seen everywhere yet")
        if one.last < seconds / 2 and seconds >= 10:
            out.append(f"{one.cause}: denied until second {one.last:g} and not afterwards: the change was still on its way")
    return out


@lru_cache(maxsize=512)
def _cause_of(text: str, principal: str | None, action: str) -> str:
    seen = next(iter(denial.parse(text)), None)
    if seen is None:
        return "not said"
    request = Request(principal=principal, action=action)
    return diagnose.diagnose(Case(denial=seen, requests=(), verdicts=(), evidence=unread(request))).cause.code


def _cause(text: str, request: Request) -> str:
    return _cause_of(text, request.principal, request.action)
