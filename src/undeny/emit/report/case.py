"""A draft for AWS Support, or a question for re:Post: everything that is asked back for, and what was found out already."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from undeny.change.seen import KEPT, SeenRequest
from undeny.emit.report import blocks, words
from undeny.emit.report.blocks import Block, Code, Heading, Items, Line, Paragraph, Rows, bold, code, line

PUBLIC = (
    "account ids, ARNs and names of roles, buckets and people",
    "request ids and host ids: AWS Support finds your call by them, and re:Post does not need them",
    "whole policy documents, encoded authorization messages, access key ids, session tokens, presigned URLs",
    "addresses, VPC endpoint ids and host names of your network",
)
"""What must not be posted in public: https://repost.aws/community-guidelines"""
MOST = 20
"""Request ids that a draft lists at most: the newest."""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a draft is written from: the saved explanation, requests of the same kind, and what was tried; `now` dates the draft."""

    bucket: str
    explanation: dict[str, Any]
    requests: tuple[SeenRequest, ...]
    tried: tuple[str, ...]
    now: datetime


def support(case: CaseFile) -> str:
    """Write the draft for AWS Support."""
    return blocks.markdown(_support(case))


def repost(case: CaseFile) -> str:
    """Write the question for re:Post; accounts and names are the caller's to replace before."""
    return blocks.markdown(_repost(case))


def subject(case: CaseFile) -> str:
    """Give the line that the case is listed under."""
    denial = _denial(case)
    what = denial.get("action") or denial.get("operation") or "a call"
    code_ = denial.get("error_code") or "refused"
    where = f" in {denial['region']}" if denial.get("region") else ""
    return f"{code_} on {what}{where}: {_cause(case).get('code', 'cause not known')}"


def missing(case: CaseFile) -> tuple[str, ...]:
    """Say what AWS will ask for and the draft does not have."""
    denial = _denial(case)
    wanted = {
        "a request id": bool(case.requests),
        "the time of the call": bool(denial.get("event_time")),
        "the Region": bool(denial.get("region")),
        "the caller's ARN": bool(denial.get("principal")),
        "the resource": bool(denial.get("resource")),
    }
    return tuple(name for name, there in wanted.items() if not there)


def expired(case: CaseFile) -> bool:
    """Whether AWS finds none of the requests any more."""
    return bool(case.requests) and all(one.expires <= case.now for one in case.requests)


def _denial(case: CaseFile) -> Mapping[str, Any]:
    return case.explanation.get("denial") or {}


def _cause(case: CaseFile) -> Mapping[str, Any]:
    return case.explanation.get("cause") or {}


def _support(case: CaseFile) -> Iterator[Block]:
    yield Heading(1, subject(case))
    yield from _section("What happens", _happens(case))
    yield from _section("Requests", _requests(case))
    yield from _section("What we think it is", _think(case))
    yield from _section("Ruled out, with the evidence", _ruled_out(case))
    yield from _section("Tried", _tried(case))
    yield from _section("Changed shortly before", _changed(case))
    yield from _section("What we ask", _asked(case))


def _repost(case: CaseFile) -> Iterator[Block]:
    yield Heading(1, subject(case))
    yield from _section("What happens", _happens(case, public=True))
    yield from _section("What I think it is", _think(case))
    yield from _section("What it is not", _ruled_out(case))
    yield from _section("What I tried", _tried(case))
    yield from _section("Question", _question(case))


def _section(name: str, held: Iterator[Block]) -> Iterator[Block]:
    found = tuple(held)
    if found:
        yield Heading(2, name)
        yield from found


def _happens(case: CaseFile, *, public: bool = False) -> Iterator[Block]:
    denial = _denial(case)
    text = denial.get("message") or denial.get("text")
    if text:
        yield Code(str(text))
    names = ["operation", "action", "principal", "resource", "region", "error_code", "http_status"]
    names += [] if public else ["account", "event_time", "vpc_endpoint_id", "source_ip", "user_agent"]
    yield Rows(tuple((name.replace("_", " "), line(code(denial[name]))) for name in names if denial.get(name)))


def _requests(case: CaseFile) -> Iterator[Block]:
    host = _denial(case).get("host_id")
    if not case.requests:
        yield Paragraph(
            line("No request id is known. The SDK's log shows it (", code("aws --debug"), "), and event history keeps it for 90 days.")
        )
        return
    rows = []
    for one in case.requests[:MOST]:
        until = f"{one.time:%Y-%m-%d %H:%M:%S} UTC, {one.region or 'Region not said'}; AWS can find it until {one.expires:%Y-%m-%d}"
        left = f" ({words.count(one.days_left(case.now), 'day')} left)" if one.expires > case.now else " (over)"
        extra = f"; host id {host}" if host and one.request_id == _denial(case).get("request_id") else ""
        rows.append((one.request_id or one.event_id or "–", line(until + left + extra)))
    yield Rows(tuple(rows))
    if len(case.requests) > MOST:
        yield Paragraph(line(f"and {len(case.requests) - MOST} more of the same kind"))


def _think(case: CaseFile) -> Iterator[Block]:
    cause = _cause(case)
    if not cause:
        return
    yield Paragraph(line(bold(cause["code"]), f" ({cause['certainty']}, bucket {case.bucket}): {cause['summary']}"))
    because = tuple(line(text) for text in cause.get("because") or ())
    if because:
        yield Items(because)
    others = tuple(
        line(code(one["code"]), f" ({one['certainty']}): {one['summary']}") for one in case.explanation.get("other_causes") or ()
    )
    if others:
        yield Paragraph(line("It could also be:"))
        yield Items(others[:5])


def _ruled_out(case: CaseFile) -> Iterator[Block]:
    found: list[Line] = [line(code(one["code"]), f": {one['why']}") for one in case.explanation.get("ruled_out") or ()]
    verdict = case.explanation.get("verdict") or {}
    layers = verdict.get("layers") or {}
    found += [
        line(f"{name.replace('_', ' ')} policies were read: {outcome.replace('_', ' ')}")
        for name, outcome in layers.items()
        if outcome not in ("unknown", "not_applicable")
    ]
    unread = [name.replace("_", " ") for name, outcome in layers.items() if outcome == "unknown"]
    found += [line(f"not read: {', '.join(unread)}")] if unread else []
    if verdict.get("decision") == "allowed":
        found.append(line("decided over these policies, the call is allowed: that is why we ask"))
    found += [line(f"they differ: {text}") for text in case.explanation.get("disagreement") or ()]
    if found:
        yield Items(tuple(found))
    else:
        yield Paragraph(line("Nothing was read but the text above."))


def _tried(case: CaseFile) -> Iterator[Block]:
    yield Items(tuple(line(one) for one in case.tried)) if case.tried else Paragraph(line("Nothing was changed yet."))


def _changed(case: CaseFile) -> Iterator[Block]:
    found = case.explanation.get("changed_lately") or ()
    if found:
        yield Items(tuple(line(f"{one['time']}: {one['by']}, ", code(one["event"]), f" on {one['on']}") for one in found))


def _asked(case: CaseFile) -> Iterator[Block]:
    asked = {
        "service": "Is there an event of yours that explains these requests, and until when?",
        "quota": "Which quota was reached by these requests, and what is its value for this account?",
        "network": "Did these calls reach your endpoint at all?",
        "account": "Which restriction is on this account for this call, and how is it lifted?",
        "credentials": "Why were these credentials not accepted?",
    }.get(case.bucket, "Which policy or setting of which layer refused these requests, and with which values of its condition keys?")
    yield Paragraph(line(asked))
    lacking = missing(case)
    if lacking:
        yield Paragraph(line(f"To be filled in: {', '.join(lacking)}."))


def _question(case: CaseFile) -> Iterator[Block]:
    what = _denial(case).get("action") or _denial(case).get("operation") or "this call"
    yield Paragraph(line("What else can refuse ", code(what), " here, and how do I see which it is?"))


def listed(requests: tuple[SeenRequest, ...], now: datetime) -> Iterator[str]:
    """Give one line for each saved request: the days that AWS can still find it, its id, when, where, who, what."""
    if not requests:
        yield "no request id is saved: undeny find and undeny explain save those that they see"
        return
    kept = KEPT // timedelta(days=1)
    yield f"{words.count(len(requests), 'request id')} saved; AWS finds a request for {kept} days"
    yield ""
    yield f"{'days left':>9}  {'request id':<36}  {'time (UTC)':<16}  region"
    for one in requests:
        left = str(one.days_left(now)) if one.expires > now else "over"
        yield f"{left:>9}  {(one.request_id or one.event_id or '–'):<36}  {one.time:%Y-%m-%d %H:%M}  {one.region or '–'}"
        said = " · ".join(part for part in (words.short_principal(one.who) if one.who else "", one.what or "", one.cause or "") if part)
        if said:
            yield f"{'':>9}  {said}"
