"""Facts become a `Denial`: texts cleaned, numbers and times read, Region and account taken from what is named."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from undeny.denial.assembled import Group, trimmed
from undeny.denial.codes import code_of, spelt_code
from undeny.denial.evened import restored
from undeny.denial.found import QUOTES, Facts, Passage
from undeny.denial.model import Denial
from undeny.denial.secrets import writable
from undeny.iam import arn as arns

_FIELDS = frozenset(Denial.__struct_fields__)
REGION = re.compile(
    r"(?<![a-z0-9-])[a-z]{2,4}(?:-(?:gov|iso[a-z]?))?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d(?!\d)"
)
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[^\s:\"'`<>]*:[^\s\"'`<>,;()\u201d\u201e]+")
_WORD_BEFORE = re.compile(r"(?<![\w$.:#])([A-Za-z][\w$]*(?:(?:\.|::|#)\w+)*)[^\w<>]{1,12}$")
_WORD_BEHIND = re.compile(r"[.,]?\s*[(\[]([A-Za-z][\w$]*(?:(?:\.|::|#)\w+)*)[)\]]")
_KEY = ("error_code", "principal", "action", "resource", "kind", "policy_type", "policy_arn", "operation", "event_time")
_EDGES = ".,;:)]}>" + QUOTES
_FILLERS = frozenset({"null", "none", "n/a", "", "undefined", "unknown", "not available"})
_TEXT_LIMIT = 4000


def denial_of(group: Group, text: str, passage: Passage, line: int) -> Denial:
    """Make the denial that a group of marks tells of; `line` is the number of the text's first line."""
    begin, end = group.sentence(passage)
    facts = group.facts()
    if group.core and "error_code" not in facts:
        facts["error_code"] = _code_beside(passage.text, group.core.start, group.core.end)
    first = group.before[0] if group.before else group.core or (group.after[0] if group.after else None)
    start = first.start if first else begin
    start = begin if begin < start or begin - start > _TEXT_LIMIT else start
    message = facts.get("message") or trimmed(restored(text[begin:end]))[:_TEXT_LIMIT]
    facts["message"] = message or None
    facts["text"] = _lines_of(text, start, max(end, start)) or message or None
    facts["line"] = line + text.count("\n", 0, start + 1)
    facts["form"] = group.core.name if group.core else None
    facts["wrapper"] = _wrappers(group)
    facts.setdefault("resources", _others(passage.text[start:end], facts) if "arn:" in passage.text else ())
    return built(facts)


def built(facts: Facts) -> Denial:
    """Make a denial of facts as texts spell them; a fact that is empty, or no field of a denial, is left out."""
    kept = {key: value for key, value in facts.items() if value and key in _FIELDS}
    for key, value in kept.items():
        if isinstance(value, str) and not value.isascii():
            kept[key] = writable(value)
    for key in ("principal", "resource", "policy_arn", "request_id", "host_id", "error_code", "encoded_message"):
        if key in kept:
            kept[key] = bare(kept[key])
    if "error_code" in kept:
        kept["error_code"] = kept["error_code"].rstrip(".")
    _drop_fillers(kept)
    status = kept.get("http_status")
    if isinstance(status, str):
        kept["http_status"] = int(status) if status.isdigit() and 100 <= int(status[:4]) <= 599 else None
    if isinstance(kept.get("event_time"), str):
        kept["event_time"] = moment(kept["event_time"])
    kept["region"] = kept["region"].lower() if "region" in kept else _region(kept)
    if "account" not in kept:
        kept["account"] = _account(kept)
    return Denial(**kept)


def merged(denials: Iterable[Denial]) -> Iterator[Denial]:
    """Give each denial once, in order: one that repeats an earlier only fills in what that left out."""
    kept: dict[Any, Denial] = {}
    called: dict[Any, Any] = {}
    for denial in denials:
        key = _sentence_key(denial)
        if denial.action and denial.principal and denial.resource is None and denial.event_id is None:
            key = called.get((denial.principal, denial.action), key)  # the same sentence, cut short or without its end
        elif denial.action and denial.principal:
            called.setdefault((denial.principal, denial.action), key)
        earlier = kept.get(key)
        if earlier is not None and not _differ(earlier, denial):
            kept[key] = _filled(earlier, denial)
        elif earlier is not None:
            kept.setdefault((key, denial.error_code, denial.operation, denial.policy_arn, denial.event_time), denial)
        else:
            kept[key] = denial
    return iter(kept.values())


def moment(text: str) -> datetime | None:
    """Read a time as CloudTrail (ISO 8601), Athena or an HTTP header (`Tue, 24 Nov 2026 18:04:11 GMT`) or S3's log writes it; in UTC."""
    for read in (datetime.fromisoformat, _http_date, _log_date):
        try:
            found = read(text.strip())
        except ValueError:
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None


def bare(value: str) -> str:
    """Strip quotes, and the stops and brackets of the sentence around a value."""
    if value.isascii() and value[-1:].isalnum() and value[0] not in _EDGES and "\\" not in value and "&" not in value and " " not in value:
        return value
    value = restored(value).strip(QUOTES + " ")
    while value and value[-1] in _EDGES and not value.endswith((":*", "...")) and not (value[-1] == ":" and value.startswith("arn:")):
        pair = {")": "(", "]": "[", "}": "{", ">": "<"}.get(value[-1])
        if pair and value.count(pair) >= value.count(value[-1]):
            break
        value = value[:-1]
    return value


def region_in(text: str) -> str | None:
    """Give the Region that a host name or a sentence names."""
    match = REGION.search(text)
    return match.group() if match else None


def _http_date(text: str) -> datetime:
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC)


def _log_date(text: str) -> datetime:
    return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")


def _drop_fillers(kept: Facts) -> None:
    """Leave out values that only say that there is none (`Request ID: null`)."""
    for key in ("request_id", "host_id", "error_code", "service", "principal", "action", "message"):
        value = kept.get(key)
        if value is not None and len(value) < 14 and value.lower() in _FILLERS:
            del kept[key]


def _region(kept: Facts) -> str | None:
    resource = kept.get("resource")
    named = arns.parse(resource) if resource and resource.startswith("arn:") else None
    if named and named.region and REGION.fullmatch(named.region):
        return named.region
    for key in ("resource", "endpoint_url", "message", *(("resources",) if kept.get("resources") else ())):
        value = kept.get(key)
        for text in (value,) if isinstance(value, str) else value or ():
            if "-" in text and (key == "endpoint_url" or text.startswith("arn:") or "amazonaws" in text or " region" in text.lower()):
                found = region_in(text)
                if found:
                    return found
    return None


def _account(kept: Facts) -> str | None:
    for value in (kept.get("principal"), kept.get("resource"), *kept.get("resources", ())):
        parsed = arns.parse(value) if isinstance(value, str) and value.startswith("arn:") else None
        if parsed and len(parsed.account) == 12 and parsed.account.isdigit():
            return parsed.account
    return None


def _others(text: str, facts: Facts) -> tuple[str, ...]:
    """Give the ARNs that a sentence names beside its principal, resource and policy."""
    told = [facts[key] for key in ("principal", "resource", "policy_arn") if facts.get(key)]
    if text.count("arn:") <= "".join(told).count("arn:"):
        return ()
    known = {bare(one) for one in told}
    found = dict.fromkeys(bare(match.group()) for match in _ARN.finditer(text))
    return tuple(one for one in found if one not in known and not any(one in other for other in known))


def _code_beside(text: str, start: int, end: int) -> str | None:
    """Give the error code right before a sentence or in brackets behind it, whatever sets it off: `AccessDenied - User: ...`."""
    before = _WORD_BEFORE.search(text, max(0, start - 160), start)
    code = code_of(before.group(1)) or spelt_code(before.group(1)) if before else None
    if code is None:
        behind = _WORD_BEHIND.match(text, end)
        code = code_of(behind.group(1)) if behind else None
    return code


def _lines_of(text: str, start: int, end: int) -> str:
    """Give the lines on which a denial stands, as far as they are short enough to be shown."""
    if "\n" not in text and len(text) <= _TEXT_LIMIT:
        return restored(text)
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    if last - first > _TEXT_LIMIT:
        first, last = start, end
    return restored(text[first:last])[:_TEXT_LIMIT]


def _wrappers(group: Group) -> str | None:
    names = dict.fromkeys(mark.name for mark in (*group.before, *group.after, *group.around))
    return " > ".join(names) or None


def _sentence_key(denial: Denial) -> Any:
    if denial.event_id:
        return denial.event_id
    if denial.action and (denial.principal or denial.resource):
        return (denial.principal, denial.action, denial.resource, denial.kind, denial.policy_type)
    return ((denial.message or "").lower().strip(" ."), denial.resource)


def _differ(one: Denial, other: Denial) -> bool:
    return any(
        getattr(one, key) is not None
        and getattr(other, key) is not None
        and str(getattr(one, key)).lower() != str(getattr(other, key)).lower()
        for key in _KEY
    )


def _filled(one: Denial, other: Denial) -> Denial:
    missing = {
        name: getattr(other, name)
        for name in Denial.__struct_fields__
        if getattr(one, name) in (None, (), False) and getattr(other, name) not in (None, (), False, {})
    }
    return msgspec.structs.replace(one, **missing) if missing else one
