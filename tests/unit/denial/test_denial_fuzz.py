"""No input makes the reader crash."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undeny.denial import parse, read_bytes
from undeny.denial.secrets import mask
from undeny.errors import UndenyError

TEXTS = [json.loads(line)["text"] for line in (Path(__file__).parents[2] / "data" / "messages.jsonl").read_text("utf-8").splitlines()]
PIECES = st.sampled_from(
    [
        *TEXTS,
        '"message": "',
        "'",
        '"',
        "\\",
        "\n",
        "{",
        "}",
        "<Message>",
        "</Message>",
        "User:",
        "arn:",
        " on resource: ",
        "\x1b[31m",
        "&quot;",
        "\u0130",
        "\ud800",
        "\u2502 ",
        "Encoded Failure: ",
        '{"eventVersion": ',
    ]
)
BROKEN = (
    st.lists(PIECES, max_size=5)
    .map("".join)
    .flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
            lambda cut: text[min(cut) : max(cut)] + text[: min(cut)]
        )
    )
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(TEXTS[:30]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "eventVersion",
    "eventName",
    "eventSource",
    "userIdentity",
    "eventTime",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "resources",
    "sourceIPAddress",
    "userAgent",
    "vpcEndpointId",
    "tlsDetails",
    "additionalEventData",
    "awsRegion",
    "Records",
    "Events",
    "CloudTrailEvent",
    "detail",
    "evaluations",
    "requestContext",
    "ResultSet",
    "QueryResultRows",
    "logEvents",
    "awslogs",
    "eventname",
    "useridentity",
    "text",
    "event",
    "policies",
    "body",
)
IDENTITY = st.dictionaries(
    st.sampled_from(["type", "arn", "accountId", "principalId", "sessionContext", "invokedBy", "userName"]), JSON, max_size=5
)
EVENTS = st.dictionaries(st.sampled_from(FIELDS), JSON | IDENTITY | st.lists(IDENTITY, max_size=2), max_size=10)
BOUNDED = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@BOUNDED
@given(BROKEN | st.text(max_size=300))
def test_any_text_gives_denials_or_none(text):
    for denial in parse(text):
        assert denial.line is None or 1 <= denial.line <= text.count("\n") + 1
        assert denial.error_code or denial.message or denial.action or denial.operation or denial.form or denial.http_status
    mask(text)


@BOUNDED
@given(EVENTS)
def test_any_mapping_gives_denials_or_none(event):
    for source in (event, {"Records": [event]}, json.dumps(event), json.dumps({"Records": [event, event]})[:-9]):
        parse(source)


@BOUNDED
@given(st.binary(max_size=400) | BROKEN.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_give_a_reading_or_one_clear_error(data):
    try:
        reading = read_bytes(data, "it")
    except UndenyError as error:
        told = (error,)
    else:
        told = reading.problems
    assert all(problem.message and problem.exit_status == 2 for problem in told)
