"""AWS Health is asked at its active endpoint, and says plainly when the support plan forbids it."""

from datetime import UTC, datetime

import botocore.client
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from undeny import pipeline
from undeny.aws import health
from undeny.aws.reader import Reader
from undeny.evidence.model import Gap

AT = datetime(2026, 11, 24, 10, 7, tzinfo=UTC)
LISTED = {
    "arn": "arn:aws:health:eu-west-1::event/S3/AWS_S3_OPERATIONAL_ISSUE/X",
    "service": "S3",
    "eventTypeCode": "AWS_S3_OPERATIONAL_ISSUE",
    "eventTypeCategory": "issue",
    "region": "eu-west-1",
    "startTime": datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    "statusCode": "open",
}


@pytest.fixture
def answers(monkeypatch):
    """AWS Health, which the mocked AWS lacks: what it answers, and what it was asked where."""
    told, asked, call = {"events": [LISTED]}, [], botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation != "DescribeEvents":
            return call(self, operation, parameters)
        asked.append((self.meta.region_name, parameters["filter"]))
        if "raise" in told:
            raise told["raise"]
        if "error" in told:
            raise ClientError({"Error": {"Code": told["error"], "Message": "no"}}, operation)
        return {"events": told["events"]}

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    return told, asked


def leads_to(region):
    return lambda name: (f"health.{region}.amazonaws.com", [name], ["192.0.2.1"])


def broken(name):
    raise OSError(name)


def test_the_active_endpoint_is_the_one_that_the_global_name_leads_to():
    assert health.active_region(resolve=leads_to("us-east-2")) == "us-east-2"
    assert health.active_region(resolve=broken) == "us-east-1"
    assert health.active_region("aws-cn", resolve=broken) == "cn-northwest-1"


def test_events_are_asked_of_the_region_and_of_services_without_one(aws, answers):
    _, asked = answers
    found = health.events(Reader(aws), "eu-west-1", AT, resolve=leads_to("us-east-2"), environment={})
    assert [one.code for one in found] == ["AWS_S3_OPERATIONAL_ISSUE"]
    ((region, told),) = asked
    assert (region, told["regions"]) == ("us-east-2", ["eu-west-1", "global"])


def test_a_plan_without_the_api_is_said_and_not_taken_for_quiet(aws, answers):
    answers[0]["error"] = "SubscriptionRequiredException"
    found = health.events(Reader(aws), "eu-west-1", AT, resolve=broken, environment={})
    assert isinstance(found, Gap)
    assert "support plan" in found.why


def test_an_endpoint_that_does_not_answer_is_a_gap_too(aws, answers):
    answers[0]["raise"] = EndpointConnectionError(endpoint_url="https://health.us-east-1.amazonaws.com")
    found = health.events(Reader(aws), "eu-west-1", AT, resolve=broken, environment={})
    assert "no answer came" in found.why


def test_a_missing_permission_is_a_gap_that_names_it(aws, answers):
    answers[0]["error"] = "AccessDeniedException"
    assert health.events(Reader(aws), "eu-west-1", AT, resolve=broken, environment={}).permission == "health:DescribeEvents"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "An error occurred (InternalError) when calling the PutObject operation (reached max retries: 4): We encountered an internal error.",
            "service-event",
        ),
        ("An error occurred (SlowDown) when calling the PutObject operation: Please reduce your request rate.", "service-event"),
    ],
)
def test_explain_with_a_session_asks_health_where_the_service_failed(aws, answers, text, code, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_HEALTH", "https://health.us-east-1.amazonaws.com")
    answers[0]["events"] = [LISTED | {"startTime": datetime.now(UTC)}]
    told = pipeline.explain(text, aws)
    assert told.cause.code == code
    assert answers[1]


def test_the_first_thing_to_settle_is_a_health_that_could_not_be_asked(aws, answers, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_HEALTH", "https://health.us-east-1.amazonaws.com")
    answers[0]["error"] = "SubscriptionRequiredException"
    told = pipeline.explain(
        "An error occurred (InternalError) when calling the PutObject operation: We encountered an internal error.", aws
    )
    assert told.cause.code == "service-fault"
    assert "support plan" in told.missing_evidence[0].how


def test_explain_asks_no_health_where_a_policy_refused(aws, answers):
    pipeline.explain("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", aws)
    assert answers[1] == []
