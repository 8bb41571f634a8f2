"""The same question as SQL, for Athena over a trail's bucket or for CloudTrail Lake. It is written, never run, by undeny."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec

from undeny import catalog
from undeny.errors import UndenyError
from undeny.trail.model import Question

Engine = Literal["athena", "lake"]
CODES = ("accessdenied", "unauthorized", "notauthorized", "authorizationerror", "forbidden", "authfailure", "permissiondenied")
"""Pieces of codes that say a refusal, in lower case: those that are by far the most."""


class _Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """How an engine calls the fields of events, and what it calls a time."""

    table: str
    note: tuple[str, ...]
    field: Callable[[str], str]
    time: Callable[[datetime], str]


_DIALECTS: dict[Engine, _Dialect] = {
    "athena": _Dialect(
        table="cloudtrail_logs",
        note=(
            "Amazon Athena, over the table that CloudTrail's console makes (https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html)",
            "put your table's name for cloudtrail_logs; a partitioned table wants its timestamp too, or the whole trail is read",
        ),
        field=str.lower,
        time=lambda moment: f"'{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'",
    ),
    "lake": _Dialect(
        table="EVENT_DATA_STORE_ID",
        note=(
            "AWS CloudTrail Lake (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html)",
            "put your event data store's id for EVENT_DATA_STORE_ID; Lake is closed to new customers since 2026-05-31",
        ),
        field=str,
        time=lambda moment: f"'{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}'",
    ),
}


def sql(question: Question, engine: Engine) -> str:
    """Write the question for one engine: a row for each caller, call and code, newest first, with the newest sentence and some ids."""
    dialect = _DIALECTS[engine]
    field = dialect.field
    whose = ("userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.arn", "userIdentity.invokedBy")
    who = f"coalesce({', '.join(map(field, whose))})"
    when = field("eventTime")
    columns = [
        f"{who} AS who",
        f"{field('eventSource')} AS source",
        f"{field('eventName')} AS name",
        f"{field('errorCode')} AS code",
        "count(*) AS denials",
        f"min({when}) AS first_seen",
        f"max({when}) AS last_seen",
        f"max_by({field('errorMessage')}, {when}) AS message",
        f"slice(array_agg({field('eventID')} ORDER BY {when} DESC), 1, 10) AS event_ids",
        f"slice(array_agg({field('requestID')} ORDER BY {when} DESC), 1, 10) AS request_ids",
    ]
    notes = [f"-- {line}" for line in (*dialect.note, "written by undeny, which has not run it")]
    wanted = "\n  AND ".join(_conditions(question, dialect, who))
    chosen = ",\n  ".join(columns)
    return "\n".join([*notes, f"SELECT\n  {chosen}\nFROM {dialect.table}\nWHERE {wanted}\nGROUP BY 1, 2, 3, 4\nORDER BY last_seen DESC;"])


def _conditions(question: Question, dialect: _Dialect, who: str) -> list[str]:
    field = dialect.field
    code = field("errorCode")
    words = "|".join(CODES)
    found = [f"{code} IS NOT NULL" if question.any_error else f"regexp_like(lower({code}), '{words}')"]
    if question.since:
        found.append(f"{field('eventTime')} >= {dialect.time(question.since)}")
    if question.until:
        found.append(f"{field('eventTime')} <= {dialect.time(question.until)}")
    if question.event_id:
        found.append(f"{field('eventID')} = {_text(question.event_id)}")
    if question.request_id:
        found.append(f"{field('requestID')} = {_text(question.request_id)}")
    if question.name:
        found.append(_named(question.name, field))
    if question.principal:
        named = _text(question.principal)
        found.append(
            f"({who} = {named} OR {field('userIdentity.arn')} = {named} OR regexp_like({who}, {_text(_ending(question.principal))}))"
        )
    return found


def _named(wanted: str, field: Callable[[str], str]) -> str:
    """Give the condition on an operation, or on an action: that is also one which a sentence names, whatever the call is called."""
    prefix, colon, name = wanted.lower().rpartition(":")
    called = f"regexp_like(lower({field('eventName')}), {_text('^' + _plain(name) + '(20[0-9_]+(v[0-9]+)?)?$')})"
    if not colon:
        return called
    sources = "|".join(_plain(one) for one in catalog.sources_of(prefix))
    message = f"strpos(lower(coalesce({field('errorMessage')}, '')), {_text(f': {wanted.lower()} ')}) > 0"
    return f"(({called} AND regexp_like({field('eventSource')}, {_text(f'^({sources})[.]')})) OR {message})"


def _plain(name: str) -> str:
    """Give a name as a pattern in which nothing has a meaning of its own."""
    return "".join(letter if letter.isalnum() or letter == "-" else f"[{letter}]" for letter in name if letter not in "[]^\\")


def _ending(name: str) -> str:
    """Give a pattern for an ARN that ends in a name; nothing in a name has a meaning of its own there."""
    return f"/{_plain(name.rpartition('/')[2])}$"


def _text(value: str) -> str:
    if any(ord(letter) < 32 for letter in value):
        raise UndenyError("a name with a line break or control character is no name of AWS", code="usage")
    return "'" + value.replace("'", "''") + "'"
