"""The guard function as it runs in an account: it pages exactly where a refusal and an event of AWS's are of one service and Region."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import boto3
import hcl2
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner
from moto import mock_aws

from mocked import REGION, set_environment
from undeny import catalog
from undeny.emit.guard import function as codes
from undeny.emit.guard.function import _parts as parts
from undeny.guard import event_pattern
from undeny.guard.function import Around, Table, answered, handler

AT = datetime(2026, 11, 24, 10, 7, tzinfo=UTC)
ARN = "arn:aws:sts::111122223333:assumed-role/App/i-0abc"
RECORD = {
    "eventVersion": "1.11",
    "userIdentity": {"type": "AssumedRole", "arn": ARN, "accountId": "111122223333"},
    "eventTime": "2026-11-24T10:07:00Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "PutObject",
    "awsRegion": "eu-west-1",
    "sourceIPAddress": "203.0.113.9",
    "errorCode": "AccessDenied",
    "errorMessage": f"User: {ARN} is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::logs-prod/x because no identity-based policy allows the s3:PutObject action",
    "requestID": "R1",
    "eventID": "e-1",
    "recipientAccountId": "111122223333",
}
DETAIL = {
    "eventArn": "arn:aws:health:eu-west-1::event/S3/AWS_S3_OPERATIONAL_ISSUE/X",
    "service": "S3",
    "eventScopeCode": "PUBLIC",
    "lastUpdatedTime": "Tue, 24 Nov 2026 10:20:00 GMT",
    "statusCode": "open",
    "eventRegion": "eu-west-1",
    "eventTypeCode": "AWS_S3_OPERATIONAL_ISSUE",
    "eventTypeCategory": "issue",
    "startTime": "Tue, 24 Nov 2026 10:00:00 GMT",
    "eventDescription": [{"language": "en_US", "latestDescription": "Increased error rates."}],
}


def denied(**more):
    """Give a refused call as EventBridge brings it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html"""
    return {
        "version": "0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.s3",
        "region": "eu-west-1",
        "detail": RECORD | more,
    }


def event(**more):
    """Give an event of AWS Health as EventBridge brings it: https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"""
    head = {
        "version": "0",
        "detail-type": "AWS Health Event",
        "source": "aws.health",
        "region": "eu-west-1",
        "time": "2026-11-24T10:20:00Z",
    }
    return head | {"detail": DETAIL | more}


USER = "arn:aws:iam::111122223333:user/u"
OTHER = {"eventID": "e-2", "userIdentity": {"type": "IAMUser", "arn": USER}, "errorMessage": RECORD["errorMessage"].replace(ARN, USER)}
CLOSED = {"statusCode": "closed", "endTime": "Tue, 24 Nov 2026 10:05:00 GMT", "lastUpdatedTime": "Tue, 24 Nov 2026 10:25:00 GMT"}
ORDERS = {
    "the refusal, then the event": ([denied(), event()], 1),
    "the event, then the refusal": ([event(), denied()], 1),
    "in another Region": ([event(eventRegion="us-east-1"), denied()], 0),
    "of another service": ([denied(), event(service="SQS")], 0),
    "closed before the refusal": ([event(), event(**CLOSED), denied()], 0),
    "closed, then told again as open by a late message": ([event(**CLOSED), event(), denied()], 0),
    "long after the refusal": ([denied(), event(startTime="Tue, 24 Nov 2026 18:00:00 GMT")], 0),
    "a change to come": ([event(eventTypeCategory="scheduledChange"), denied()], 0),
    "the refusal alone": ([denied()], 0),
    "the event alone": ([event()], 0),
    "of another account alone": ([denied(), event(eventScopeCode="ACCOUNT_SPECIFIC", affectedAccount="999988887777")], 0),
    "of this account alone": ([event(eventScopeCode="ACCOUNT_SPECIFIC", affectedAccount="111122223333"), denied()], 1),
    "everywhere": ([event(eventRegion="global"), denied()], 1),
    "twice each": ([denied(), event(), denied(eventID="e-2"), event()], 1),
    "two callers": ([denied(), denied(**OTHER), event()], 2),
}


@pytest.fixture
def account(monkeypatch):
    set_environment(monkeypatch)
    with mock_aws():
        template = json.loads(codes.render("cloudformation", CODE))
        properties = {k: v for k, v in template["Resources"]["Table"]["Properties"].items() if k != "TimeToLiveSpecification"}
        session = boto3.Session(region_name=REGION)
        session.client("dynamodb").create_table(TableName="guard", **properties)
        yield session


CODE = codes.FunctionCode(region=REGION, version="0.1.0")


class Ends:
    """What the function said and to whom."""

    def __init__(self, session, **more):
        self.pages, self.lines = [], []
        self.around = Around(
            table=Table(session, "guard"),
            tell=lambda subject, text: self.pages.append((subject, text)),
            log=lambda line: self.lines.append(json.loads(line)),
            now=AT + timedelta(minutes=20),
            **more,
        )


@pytest.mark.parametrize("name", ORDERS)
def test_it_pages_exactly_where_both_match(account, name):
    events, expected = ORDERS[name]
    ends = Ends(account)
    told = [answered(one, ends.around) for one in events]
    assert len(ends.pages) == expected
    assert sum(one["pages"] for one in told) == expected


def test_a_page_says_who_what_where_and_which_event(account):
    ends = Ends(account)
    for one in (event(), denied()):
        answered(one, ends.around)
    ((subject, text),) = ends.pages
    assert (len(subject) <= 100, "s3:PutObject" in subject) == (True, True)
    for said in (ARN, "eu-west-1", "R1", "e-1", "AWS_S3_OPERATIONAL_ISSUE", "identity-missing-allow"):
        assert said in text


def test_each_diagnosis_is_a_structured_line_with_a_metric(account):
    ends = Ends(account)
    answered(denied(), ends.around)
    (line,) = ends.lines
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert [metric["Name"] for metric in directive["Metrics"]] == ["Diagnoses", "Pages"]
    assert all(name in line for dimensions in directive["Dimensions"] for name in dimensions)
    assert (line["Diagnoses"], line["Pages"], line["Bucket"], line["Code"]) == (1, 0, "permission", "identity-missing-allow")
    assert line["request_id"] == "R1"


def test_a_fault_during_an_event_is_diagnosed_as_that_event(account):
    ends = Ends(account)
    answered(event(), ends.around)
    answered(denied(errorCode="InternalError", errorMessage="We encountered an internal error. Please try again."), ends.around)
    assert ends.lines[-1]["Code"] == "service-event"
    assert len(ends.pages) == 1


def test_health_is_asked_where_it_may_be_and_nothing_is_kept_yet(account, monkeypatch):
    import botocore.client

    call, listed = botocore.client.BaseClient._make_api_call, DETAIL | {"region": "eu-west-1", "arn": DETAIL["eventArn"]}
    monkeypatch.setattr(
        botocore.client.BaseClient,
        "_make_api_call",
        lambda self, name, told: {"events": [listed]} if name == "DescribeEvents" else call(self, name, told),
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_HEALTH", "https://health.us-east-1.amazonaws.com")
    ends = Ends(account, asks=account)
    assert answered(denied(), ends.around)["pages"] == 1
    assert [one.arn for one in ends.around.table.events("s3")] == [DETAIL["eventArn"]]


@pytest.mark.parametrize("named", ["App", ARN, "arn:aws:iam::111122223333:role/team/App"])
def test_a_named_caller_is_paged_for_any_refusal_once_an_hour(account, named):
    ends = Ends(account, principals=("somebody", named))
    for number in range(3):
        answered(denied(eventID=f"e-{number}"), ends.around)
    assert len(ends.pages) == 1
    assert answered(denied(userIdentity={"arn": ARN.replace("App", "Other")}), ends.around)["pages"] == 0


def test_logs_of_a_trail_come_in_too(account):
    import base64

    message = {
        "messageType": "DATA_MESSAGE",
        "logGroup": "trail",
        "logEvents": [{"id": "1", "timestamp": 1, "message": json.dumps(RECORD)}],
    }
    ends = Ends(account)
    answered({"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(message).encode())).decode()}}, ends.around)
    assert [line["Code"] for line in ends.lines] == ["identity-missing-allow"]


@pytest.mark.parametrize(
    "given", [{}, {"detail-type": "AWS API Call via CloudTrail", "detail": RECORD | {"errorCode": None, "errorMessage": None}}]
)
def test_what_is_no_refusal_is_no_diagnosis(account, given):
    assert answered(given, Ends(account).around) == {"diagnosed": 0, "pages": 0}


def test_the_handler_takes_what_it_needs_from_its_environment(account, monkeypatch, capsys):
    topic = account.client("sns").create_topic(Name="ops")["TopicArn"]
    url = account.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:inbox")
    for name, value in {"TABLE": "guard", "TOPIC_ARN": topic, "PRINCIPALS": "App"}.items():
        monkeypatch.setenv(name, value)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert handler(denied(eventTime=now), None) == {"diagnosed": 1, "pages": 1}
    assert json.loads(capsys.readouterr().out)["Pages"] == 1
    (message,) = account.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert "identity-missing-allow" in json.loads(message["Body"])["Message"]


def test_the_index_is_nothing_but_the_handler():
    module = {"__name__": "index"}
    exec(compile(parts.INDEX, "index.py", "exec"), module)  # noqa: S102 - the file is what is tested
    assert module["handler"] is handler


def test_the_rules_let_through_refusals_and_events_and_nothing_else():
    assert event_matches(parts.DENIALS, denied())
    assert event_matches(parts.DENIALS, denied(errorCode="Client.UnauthorizedOperation"))
    assert not event_matches(parts.DENIALS, denied(errorCode="NoSuchBucket"))
    assert not event_matches(parts.DENIALS, denied(userIdentity={"arn": ARN, "invokedBy": "config.amazonaws.com"}))
    assert event_matches(parts.HEALTH, event())
    assert not event_matches(parts.HEALTH, event(eventTypeCategory="accountNotification"))


def event_matches(pattern, given):
    ours = event_pattern.matches(pattern, given)
    from moto.events.models import EventPattern

    assert EventPattern(json.dumps(pattern), pattern).matches_event(given) is ours
    return ours


@pytest.mark.parametrize("asks", [False, True])
def test_the_template_is_clean_and_its_role_is_narrow(asks, tmp_path):
    code = codes.FunctionCode(region=REGION, version="0.1.0", principals=("App",), asks=asks)
    path = tmp_path / "guard.json"
    path.write_text(codes.render("cloudformation", code))
    assert [str(m) for m in Runner(ConfigMixIn(["--template", str(path), "--"], regions=[REGION])).run()] == []
    statements = json.loads(path.read_text())["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert [one["Sid"] for one in statements if one["Resource"] == "*"] == (["AskHealth"] if asks else [])
    for one in statements:
        for action in [one["Action"]] if isinstance(one["Action"], str) else one["Action"]:
            assert catalog.action(action) is not None


def test_terraform_reads_back_with_both_rules():
    read = hcl2.loads(codes.render("terraform", CODE))
    rules = {name for block in read["resource"] for kind, held in block.items() if kind == '"aws_cloudwatch_event_rule"' for name in held}
    assert rules == {'"denials"', '"health"'}


def test_the_script_of_the_layer_is_a_shell_script(tmp_path):
    path = tmp_path / "build-layer.sh"
    path.write_text(codes.render("layer", CODE))
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_the_handler_loads_without_prover_and_page(tmp_path):
    told = "import sys; import undeny.guard.function; print([n for n in ('rich', 'click', 'duckdb') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"
