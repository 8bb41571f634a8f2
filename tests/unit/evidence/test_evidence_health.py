"""AWS's own events: how they are read, which of them bear on a call, and what they make of a diagnosis."""

from datetime import UTC, datetime

import pytest

from undeny import pipeline
from undeny.errors import UndenyError
from undeny.evidence import health, scenario

AT = datetime(2026, 11, 24, 10, 7, tzinfo=UTC)
BRIDGE = {
    "version": "0",
    "detail-type": "AWS Health Event",
    "source": "aws.health",
    "account": "111122223333",
    "time": "2026-11-24T10:20:00Z",
    "region": "eu-west-1",
    "detail": {
        "eventArn": "arn:aws:health:eu-west-1::event/S3/AWS_S3_OPERATIONAL_ISSUE/AWS_S3_OPERATIONAL_ISSUE_ABC",
        "service": "S3",
        "eventScopeCode": "PUBLIC",
        "lastUpdatedTime": "Tue, 24 Nov 2026 10:20:00 GMT",
        "statusCode": "open",
        "eventRegion": "eu-west-1",
        "eventTypeCode": "AWS_S3_OPERATIONAL_ISSUE",
        "eventTypeCategory": "issue",
        "startTime": "Tue, 24 Nov 2026 10:00:00 GMT",
        "eventDescription": [{"language": "en_US", "latestDescription": "Increased error rates."}],
    },
}
"""The shape of https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"""
LISTED = {
    "arn": BRIDGE["detail"]["eventArn"],
    "service": "S3",
    "eventTypeCode": "AWS_S3_OPERATIONAL_ISSUE",
    "eventTypeCategory": "issue",
    "region": "eu-west-1",
    "startTime": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "lastUpdatedTime": datetime(2026, 11, 24, 10, 20, tzinfo=UTC),
    "statusCode": "open",
    "eventScopeCode": "PUBLIC",
}


def event(**detail):
    return health.read(BRIDGE | {"detail": BRIDGE["detail"] | detail})


def fault(**more):
    given = {
        "eventTime": AT.isoformat(),
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": "eu-west-1",
        "errorCode": "InternalError",
        "errorMessage": "We encountered an internal error. Please try again.",
        "requestID": "R1",
        "userIdentity": {"arn": "arn:aws:sts::111122223333:assumed-role/App/i-0abc"},
    }
    return given | more


def walk(event_, *events):
    (subject,) = pipeline.subjects(event_)
    return pipeline.walk_subject(pipeline.Subject(denial=subject.denial, health=tuple(events))).explanation


def test_an_event_reads_the_same_from_eventbridge_and_from_the_api():
    one, other = event(), health.read(LISTED)
    for name in ("arn", "service", "code", "region", "category", "start", "end", "updated", "status"):
        assert getattr(one, name) == getattr(other, name), name


@pytest.mark.parametrize("given", [{}, {"source": "aws.ec2", "detail": {}}, {"eventTypeCode": 1, "service": "S3"}])
def test_what_is_no_event_of_health_is_refused(given):
    with pytest.raises(UndenyError, match="no event of AWS Health"):
        health.read(given)


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({}, True),
        ({"eventRegion": "us-east-1"}, False),
        ({"eventRegion": "global"}, True),
        ({"service": "SQS"}, False),
        ({"service": "MULTIPLE_SERVICES"}, True),
        ({"eventTypeCategory": "scheduledChange"}, False),
        ({"statusCode": "upcoming"}, False),
        ({"statusCode": "closed", "endTime": "Tue, 24 Nov 2026 10:05:00 GMT"}, False),
        ({"statusCode": "closed", "endTime": "Tue, 24 Nov 2026 10:30:00 GMT"}, True),
        ({"startTime": "Tue, 24 Nov 2026 10:30:00 GMT"}, True),
        ({"startTime": "Tue, 24 Nov 2026 12:30:00 GMT"}, False),
    ],
)
def test_an_event_bears_on_a_call_of_that_service_there_and_then(detail, expected):
    assert health.bears(event(**detail), "s3", "eu-west-1", AT) is expected


def test_a_service_goes_by_the_name_that_health_gives_it():
    assert health.bears(event(service="STEPFUNCTIONS"), "states", "eu-west-1", AT)
    assert health.bears(event(service="VPC"), "ec2", "eu-west-1", AT)


def test_a_scenario_keeps_the_events():
    read = scenario.read({"policies": {}, "health": [BRIDGE]})
    assert scenario.read(scenario.write(read)).evidence.health[0].arn == event().arn
    with pytest.raises(UndenyError, match="health"):
        scenario.read({"policies": {}, "health": [{}]})


def test_a_fault_with_an_open_event_there_is_that_event():
    told = walk(fault(), event())
    assert (told.bucket, told.cause.code, told.cause.certainty) == ("service", "service-event", "stated")
    assert "AWS_S3_OPERATIONAL_ISSUE" in told.cause.summary
    assert "10:00" in told.cause.because[0]


@pytest.mark.parametrize("code", ["SlowDown", "ServiceUnavailable", "RequestTimeout", "InternalFailure"])
def test_throttling_and_timeouts_count_too(code):
    assert walk(fault(errorCode=code, errorMessage="Please try again."), event()).cause.code == "service-event"


def test_a_fault_without_an_event_there_is_a_fault_and_the_event_is_ruled_out():
    told = walk(fault(awsRegion="eu-central-1"), event())
    assert told.cause.code == "service-fault"
    assert "service-event" in [one.code for one in told.ruled_out]


def test_a_lack_of_capacity_stays_one():
    text = "We currently do not have sufficient m5.large capacity in the Availability Zone you requested"
    of_ec2 = {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}
    told = walk(fault(errorCode="Server.InsufficientInstanceCapacity", errorMessage=text, **of_ec2), event(service="EC2"))
    assert told.cause.code == "capacity"


def test_a_refusal_that_aws_judged_stays_a_refusal():
    text = "User: arn:aws:sts::111122223333:assumed-role/App/i-0abc is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:PutObject action"
    told = walk(fault(errorCode="AccessDenied", errorMessage=text), event())
    assert told.cause.code == "identity-missing-allow"
    assert "service-event" in [one.code for one in told.other_causes]
