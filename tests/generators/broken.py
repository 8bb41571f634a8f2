"""Texts, bytes and events as nobody would write them: real ones cut, mixed, wrapped, their fields of the wrong kind."""

import json
from pathlib import Path

from hypothesis import strategies as st

from generators.envelopes import WAYS

DATA = Path(__file__).parents[1] / "data"
FILES = ("messages", "heldout_messages", "heldout_texts")
TEXTS = [json.loads(line)["text"] for name in FILES for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]
ODD = [
    '"message": "', "'", '"', "\\", "\n", "\r\n", "{", "}", "<Message>", "</Message>", "User:", "arn:", " on resource: ", "\x1b[31m", "&quot;",
    "&#x27;", "&amp;lt;", "\u0130", "\ud800", "\u2502 ", "Encoded Failure: ", '{"eventVersion": ', "ResourceStatusReason", "> ", "app-1  | ",
    "AccessDenied - ", " (Service: S3; Status Code: 403; ", "with an explicit deny in a ", "because no ", "\x00", "\u202e", "request id: ",
]  # fmt: skip
FIELDS = (
    "eventVersion", "eventName", "eventSource", "userIdentity", "eventTime", "errorCode", "errorMessage", "requestParameters", "resources",
    "sourceIPAddress", "userAgent", "vpcEndpointId", "tlsDetails", "additionalEventData", "awsRegion", "Records", "Events", "CloudTrailEvent",
    "detail", "evaluations", "requestContext", "ResultSet", "QueryResultRows", "logEvents", "awslogs", "eventname", "useridentity", "text",
    "event", "policies", "body", "results", "message", "Sns", "Message", "request",
)  # fmt: skip
PERSON = ("type", "arn", "accountId", "principalId", "sessionContext", "invokedBy", "userName", "onBehalfOf", "identityProvider")
EVENT = {
    "eventVersion": "1.11",
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/App/s", "accountId": "111122223333"},
    "eventTime": "2026-11-24T18:04:11Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "eu-west-1",
    "sourceIPAddress": "203.0.113.9",
    "errorCode": "AccessDenied",
    "errorMessage": "Access Denied",
    "requestParameters": {"bucketName": "b", "key": "k"},
}

texts = st.sampled_from(TEXTS)
pieces = texts | st.sampled_from(ODD) | st.text(max_size=8)


def _turned(text: str) -> st.SearchStrategy[str]:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    return places.map(lambda cut: text[min(cut) : max(cut)] + text[: min(cut)])


broken_texts = st.lists(pieces, max_size=5).map("".join).flatmap(_turned)


def _through(text: str, ways: list[str]) -> str:
    for way in ways:
        text = WAYS[way](text)
    return text


wrapped_texts = st.builds(_through, broken_texts | texts, st.lists(st.sampled_from(sorted(WAYS)), max_size=2))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=20) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
people = st.dictionaries(st.sampled_from(PERSON), values, max_size=5)
loose_events = st.dictionaries(st.sampled_from(FIELDS), values | people | st.lists(people, max_size=2), max_size=10)
spoilt_events = st.dictionaries(st.sampled_from(FIELDS), values | people, max_size=3).map(lambda changes: EVENT | changes)
events = loose_events | spoilt_events
any_bytes = st.binary(max_size=400) | wrapped_texts.map(lambda text: text.encode("utf-8", "replace"))
