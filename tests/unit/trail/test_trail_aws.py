"""Event history is asked as AWS allows it, and a bucket no more than the span needs; what is refused is said with its permission."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import ANY, Stubber

from undeny.aws import find, session
from undeny.aws.whose import _with_clock
from undeny.change.seen import SeenRequest, SeenRequests
from undeny.errors import UndenyError
from undeny.trail.model import Piece, Question
from undeny.trail.places_aws import SMALL, ahead, attribute, in_bucket
from undeny.trail.sql import sql

SINCE = datetime(2026, 11, 24, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/App"


@pytest.fixture
def here():
    return boto3.session.Session(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret", region_name="eu-west-1")


def test_pages_come_at_most_twice_a_second_fifty_events_each_with_one_attribute(here):
    answers = [
        ({"Events": [{"CloudTrailEvent": json.dumps({"eventID": "1"})}], "NextToken": "more"}, {}),
        ({"Events": [{"CloudTrailEvent": json.dumps({"eventID": "2"})}]}, {"NextToken": "more"}),
    ]
    slept: list[float] = []
    times = iter((10.0, 10.2, 10.6, 11.0))
    named = [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]
    with Stubber(session.client(here, "cloudtrail", "us-east-1")) as stub:
        for answer, more in answers:
            stub.add_response("lookup_events", answer, {"StartTime": SINCE, "MaxResults": 50, "LookupAttributes": named} | more)
        lookup = find.Lookup(since=SINCE, attribute=("EventName", "CreateUser"))
        pages = list(find.history(here, "us-east-1", lookup, sleep=slept.append, clock=lambda: next(times)))
        stub.assert_no_pending_responses()
    assert pages == [[b'{"eventID": "1"}'], [b'{"eventID": "2"}']]
    assert slept == [pytest.approx(0.3)]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("AccessDeniedException", "read-denied"),
        ("ThrottlingException", "throttled"),
        ("ExpiredTokenException", "expired-token"),
        ("Odd", "aws-failed"),
    ],
)
def test_a_history_that_cannot_be_asked_is_an_error_of_aws(here, code, told):
    with Stubber(session.client(here, "cloudtrail", "eu-west-1")) as stub:
        stub.add_client_error("lookup_events", code, "no")
        with pytest.raises(UndenyError) as caught:
            list(find.history(here, "eu-west-1", find.Lookup(since=SINCE)))
    assert (caught.value.code, caught.value.exit_status) == (told, 3)


def test_the_region_of_global_services_is_asked_too(here):
    assert find.regions(here) == ("eu-west-1", "us-east-1")
    assert find.regions(boto3.session.Session(region_name="us-east-1")) == ("us-east-1",)
    assert find.regions(boto3.session.Session(region_name="us-gov-west-1")) == ("us-gov-west-1",)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        (Question(event_id="E", name="GetRole", principal=ROLE), ("EventId", "E")),
        (Question(principal="arn:aws:iam::111122223333:user/team/ann", name="GetRole"), ("Username", "ann")),
        (Question(principal="arn:aws:sts::111122223333:assumed-role/App/i-1"), ("Username", "i-1")),
        (Question(principal=ROLE, name="GetRole"), ("EventName", "GetRole")),
        (Question(principal=ROLE), None),
        (Question(name="s3:ListBucket"), None),
        (Question(name="CreateFunction"), None),
        (Question(request_id="R"), None),
    ],
)
def test_the_attribute_asked_for_loses_no_event_that_fits(question, wanted):
    assert attribute(question) == wanted


def test_days_before_the_span_are_not_listed_and_objects_before_it_not_read(here):
    base = "AWSLogs/111122223333/CloudTrail/eu-west-1"
    folders = {
        f"{base}/": [f"{base}/2025/", f"{base}/2026/"],
        f"{base}/2026/": [f"{base}/2026/10/", f"{base}/2026/11/"],
        f"{base}/2026/11/": [f"{base}/2026/11/23/", f"{base}/2026/11/24/"],
    }
    file = f"{base}/2026/11/24/111122223333_CloudTrail_eu-west-1_20261124T1805Z_x.json.gz"
    old = datetime(2026, 11, 23, tzinfo=UTC)
    objects = [{"Key": file, "Size": 9, "LastModified": SINCE}, {"Key": file.replace("_x", "_y"), "Size": 9, "LastModified": old}]
    with Stubber(session.client(here, "s3")) as stub:
        for prefix, below in folders.items():
            stub.add_response(
                "list_objects_v2",
                {"CommonPrefixes": [{"Prefix": one} for one in below], "IsTruncated": False},
                {"Bucket": "b", "Prefix": prefix, "Delimiter": "/"},
            )
        stub.add_response(
            "list_objects_v2",
            {"Contents": objects, "IsTruncated": False},
            {"Bucket": "b", "Prefix": f"{base}/2026/11/24/", "Delimiter": "/"},
        )
        pieces = list(in_bucket(here, f"s3://b/{base}/", Question(since=SINCE)))
        stub.assert_no_pending_responses()
    assert [(piece.name, piece.size) for piece in pieces] == [(f"s3://b/{file}", 9)]


def test_an_object_that_may_not_be_read_names_what_it_needs(here):
    with Stubber(session.client(here, "s3")) as stub:
        stub.add_client_error("get_object", "AccessDenied", "no", expected_params={"Bucket": "b", "Key": ANY})
        with pytest.raises(UndenyError, match="s3://b/k") as caught:
            list(find.chunks(here, "b", "k"))
    assert "s3:GetObject on arn:aws:s3:::b/*" in caught.value.help[0]


@pytest.mark.parametrize("uri", ["s3://", "s3:///x"])
def test_an_address_without_a_bucket_is_refused(here, uri):
    with pytest.raises(UndenyError, match="names no bucket"):
        list(in_bucket(here, uri, Question()))


@pytest.mark.parametrize("engine", ["athena", "lake"])
def test_sql_has_one_condition_for_each_thing_asked_and_quotes_what_was_given(engine):
    text = sql(Question(since=SINCE, request_id="R'1", name="s3:PutObject", principal=ROLE), engine)
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert body.count("\n  AND ") == 4
    assert "'R''1'" in body
    assert body.count("'") % 2 == 0
    assert body.count("(") == body.count(")")
    assert body.endswith("ORDER BY last_seen DESC;")
    assert ("useridentity.arn" in body) is (engine == "athena")
    assert ("'2026-11-24T00:00:00Z'" if engine == "athena" else "'2026-11-24 00:00:00'") in body
    with pytest.raises(UndenyError):
        sql(Question(name="a\nb"), engine)


def test_a_clock_that_is_off_is_named_as_the_reason_and_one_that_is_not_is_not():
    refused = UndenyError("AWS does not accept the credentials", code="invalid-token", exit_status=3)
    told = _with_clock(refused, [-900])
    assert (told.code, told.exit_status, "15 minutes behind" in told.message) == ("clock-skew", 3, True)
    assert _with_clock(refused, [12]) is refused
    assert _with_clock(refused, []) is refused


def test_requests_are_kept_once_and_no_longer_given_when_aws_forgets_them(tmp_path):
    kept = SeenRequests(tmp_path)
    one = SeenRequest(request_id="R", event_id="E", time=SINCE, who=ROLE, what="s3:GetObject", cause="identity-missing-allow")
    assert kept.add([one, SeenRequest(request_id=None, event_id=None, time=SINCE)]) == 1
    assert kept.add([one]) == 0
    assert SeenRequests(tmp_path).all() == (one,)
    assert one.days_left(SINCE) == 90
    assert kept.all(datetime(2027, 2, 21, tzinfo=UTC)) == (one,)
    assert kept.all(datetime(2027, 3, 1, tzinfo=UTC)) == ()


def test_files_fetched_ahead_come_in_order_few_at_a_time_and_fail_where_they_are_read():
    begun: list[int] = []

    def fetch(number):
        begun.append(number)
        if number == 3:
            raise UndenyError("it broke off")
        return [str(number).encode()]

    pieces = (Piece(name=str(n), size=SMALL + 1 if n == 5 else 1, open=lambda n=n: fetch(n)) for n in range(100))
    coming = ahead(pieces, workers=2)
    first = next(coming)
    assert (first.name, list(first.open())) == ("0", [b"0"])
    rest = [next(coming) for _ in range(8)]
    assert [piece.name for piece in rest] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    with pytest.raises(UndenyError, match="broke off"):
        rest[2].open()
    assert [b"".join(piece.open()) for piece in rest[3:]] == [b"4", b"5", b"6", b"7", b"8"]
    coming.close()
    assert max(begun) < 20
