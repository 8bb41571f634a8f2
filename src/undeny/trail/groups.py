"""Denials put together by who, what and cause, in bounded memory: counts for all, ids and things for the newest.

First by who, call, code and the sentence without its names, as they come; then each of those is given the cause of its newest denial,
and those that share who, action and cause become one group.
"""

import heapq
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from os.path import commonprefix
from typing import Any

import msgspec

from undeny import denial, pipeline
from undeny.denial.model import Denial
from undeny.iam.arn import Arn
from undeny.trail.model import Event, Group, Named, Seen, Tally
from undeny.trail.scan import caller

KEPT = 50
"""Ids and things that are kept of each group."""
SESSIONS = 1000
MOST = 5000
"""Groups that are told apart, before causes are looked for; the denials of further ones are only counted."""
_NAMES = re.compile(r"arn:[^\s\"',)]+|[\"`][^\"`]*[\"`]|(?<!\w)'[^']*'|\b[\w.-]*\d[\w./:-]*|[A-Za-z0-9+/_=-]{40,}")
_POLICY = re.compile(r"arn:aws[\w-]*:(?:organizations|iam)::\w+:policy/[^\s.]+")
_RESOURCE = re.compile(r"on (?:the )?resource:?\s+[\"'\\]*([^\s\"'\\,]+)", re.IGNORECASE)
_OLDEST = datetime.min.replace(tzinfo=UTC)
Explain = Callable[[Denial], "pipeline.Walk"]


class _Draft:
    """Denials that look alike."""

    __slots__ = ("count", "first", "ids", "last", "newest", "resources", "sessions")

    def __init__(self) -> None:
        self.count = 0
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.newest: Seen | None = None
        self.ids: list[tuple[datetime, int, Named]] = []
        self.sessions: set[str] = set()
        self.resources: dict[str, None] = {}

    def add(self, seen: Seen, session: str | None) -> None:
        self.count += 1
        time = seen.time
        if time is not None:
            self.first = time if self.first is None or time < self.first else self.first
        if self.newest is None or (time or _OLDEST) >= (self.last or _OLDEST):
            self.newest, self.last = seen, time or self.last
        if session and len(self.sessions) < SESSIONS:
            self.sessions.add(session)
        if len(self.resources) < KEPT and (thing := _thing(seen.event)):
            self.resources[thing] = None
        named = Named(time=time, event_id=seen.event.eventID, request_id=seen.event.requestID, region=seen.event.awsRegion)
        push = heapq.heappush if len(self.ids) < KEPT else heapq.heappushpop
        push(self.ids, (time or _OLDEST, self.count, named))


class Groups:
    """Gathers denials one by one; `told` gives the groups, newest first."""

    def __init__(self, tally: Tally | None = None) -> None:
        self._drafts: dict[tuple[str | None, ...], _Draft] = {}
        self._tally = tally or Tally()

    def add(self, seen: Seen) -> None:
        """Take one denial in."""
        event = seen.event
        who, session = caller(event)
        key = (who, event.eventSource, event.eventName, event.errorCode, _shape(event.errorMessage or ""))
        draft = self._drafts.get(key)
        if draft is None:
            if len(self._drafts) >= MOST:
                self._tally.beyond += 1
                return
            draft = self._drafts[key] = _Draft()
        draft.add(seen, session)

    def told(
        self, explain: Explain | None = None, *, keep: bool = False, progress: Callable[[int, int], None] = lambda *_: None
    ) -> list[Group]:
        """Give the groups with their causes. `explain` walks a group's sample; `keep` puts the explanation into the group."""
        explain = explain or explain_alone
        found: dict[tuple[str | None, ...], list[tuple[Group, _Draft]]] = {}
        for number, (key, draft) in enumerate(self._drafts.items(), 1):
            group = _group(key[0], draft, explain, keep=keep)
            found.setdefault((group.who, group.what.lower(), group.cause), []).append((group, draft))
            progress(number, len(self._drafts))
        groups = [_joined(alike) for alike in found.values()]
        return sorted(groups, key=lambda group: (group.last or _OLDEST, group.denials), reverse=True)


def explain_alone(one: Denial) -> "pipeline.Walk":
    """Walk a denial over its event alone."""
    return pipeline.walk_subject(pipeline.Subject(denial=one))


def sample_of(seen: Seen) -> Denial:
    """Give the denial that an event records."""
    if seen.denial is not None:
        return seen.denial
    told: Mapping[str, Any] = msgspec.json.decode(seen.raw or b"{}")
    return next(iter(denial.parse(told)), Denial(error_code=seen.event.errorCode, message=seen.event.errorMessage))


def _group(who: str | None, draft: _Draft, explain: Explain, *, keep: bool) -> Group:
    newest = draft.newest
    one = sample_of(newest) if newest else Denial()
    shown = explain(one).explanation
    asked = shown.requests[0] if shown.requests else None
    things = tuple(draft.resources) or ((asked.resource,) if asked and asked.resource != "*" else ())
    return Group(
        who=who or one.principal,
        what=(asked.action if asked else one.action or one.operation) or "not said",
        on=pattern(things),
        cause=shown.cause.code,
        certainty=shown.cause.certainty,
        bucket=shown.bucket,
        summary=shown.cause.summary,
        denials=draft.count,
        first=draft.first,
        last=draft.last,
        event_ids=(),
        request_ids=(),
        sample=one,
        resources=things,
        explanation=shown if keep else None,
    )


def _joined(alike: list[tuple[Group, _Draft]]) -> Group:
    """Make one group of those with the same who, what and cause; the newest speaks for all."""
    newest = max((group for group, _ in alike), key=lambda group: group.last or _OLDEST)
    ids = [named for _, _, named in heapq.nlargest(KEPT, (entry for _, draft in alike for entry in draft.ids), key=lambda entry: entry[:2])]
    things = tuple(dict.fromkeys(thing for group, _ in alike for thing in group.resources))[:KEPT]
    return msgspec.structs.replace(
        newest,
        on=pattern(things),
        denials=sum(group.denials for group, _ in alike),
        first=min((group.first for group, _ in alike if group.first), default=None),
        event_ids=tuple(named.event_id for named in ids if named.event_id),
        request_ids=tuple(named.request_id for named in ids if named.request_id),
        sessions=len(set().union(*(draft.sessions for _, draft in alike))),
        resources=things,
        named=tuple(ids),
    )


def pattern(things: tuple[str, ...]) -> str | None:
    """Give the thing, or the one pattern that all of them fit; `None` where they have nothing in common.

    >>> pattern(("arn:aws:iam::111122223333:role/app-a", "arn:aws:iam::111122223333:role/app-b"))
    'arn:aws:iam::111122223333:role/app-*'
    """
    if len(things) < 2:
        return things[0] if things else None
    common = commonprefix(list(things))  # noqa: RUF071 - names are compared, not paths
    arn = Arn.parse(f"{common}*")
    return f"{common}*" if arn is not None and arn.resource != "*" else None


@lru_cache(maxsize=8192)
def _shape(message: str) -> str:
    """Give a sentence without its names, so that it is the same for every session and thing; a denying policy's name stays."""
    policies = " ".join(_POLICY.findall(message)) if "explicit deny" in message else ""
    return f"{_NAMES.sub('', message)} {policies}"


def _thing(event: Event) -> str | None:
    told = _RESOURCE.search(event.errorMessage or "")
    if told:
        return told[1].rstrip(".")
    arns = [thing.ARN for thing in event.resources or () if thing.ARN]
    return max(arns, key=len) if arns else None
