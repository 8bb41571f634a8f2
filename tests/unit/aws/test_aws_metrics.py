"""CloudWatch: a metric for each remediation where it is asked for, the trail's log group, and what was logged before."""

from datetime import UTC, datetime, timedelta

import botocore.client
import pytest
from botocore.exceptions import ClientError

from mocked import REGION
from undeny.aws import metrics
from undeny.errors import UndenyError
from undeny.ui.cli import counting

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def total(session, namespace="undeny"):
    client = session.client("cloudwatch")
    end = datetime.now(UTC) + timedelta(minutes=5)
    answer = client.get_metric_statistics(
        Namespace=namespace, MetricName="Remediations", StartTime=end - timedelta(hours=1), EndTime=end, Period=3600, Statistics=["Sum"]
    )
    return sum(point["Sum"] for point in answer["Datapoints"])


def test_each_remediation_counts_one_as_a_whole_and_by_kind_and_outcome(aws):
    for _ in range(4):
        assert metrics.publish(aws, "apply", "done") is None
    named = {tuple(sorted((d["Name"], d["Value"]) for d in m["Dimensions"])) for m in aws.client("cloudwatch").list_metrics()["Metrics"]}
    assert named == {(), (("Kind", "apply"), ("Outcome", "done"))}
    assert total(aws) >= 4


@pytest.mark.parametrize(("told", "namespace"), [(None, None), ("0", None), ("1", "undeny"), ("ops", "ops")])
def test_a_metric_is_written_only_where_it_is_asked_for(aws, monkeypatch, told, namespace):
    monkeypatch.setenv("UNDENY_METRICS", told) if told else monkeypatch.delenv("UNDENY_METRICS", raising=False)
    with counting.remediation(aws, "rollback"):
        pass
    assert {m["Namespace"] for m in aws.client("cloudwatch").list_metrics()["Metrics"]} == ({namespace} if namespace else set())


def test_what_fails_is_counted_as_failed_and_still_fails(aws, monkeypatch):
    monkeypatch.setenv("UNDENY_METRICS", "1")

    def broken():
        with counting.remediation(aws, "apply"):
            raise UndenyError("no", code="x")

    with pytest.raises(UndenyError, match="no"):
        broken()
    outcomes = {d["Value"] for m in aws.client("cloudwatch").list_metrics()["Metrics"] for d in m["Dimensions"] if d["Name"] == "Outcome"}
    assert outcomes == {"failed"}


@pytest.fixture
def refused(monkeypatch):
    """CloudWatch and its logs refuse everything."""
    call = botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation in ("PutMetricData", "FilterLogEvents", "DescribeTrails"):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)


def test_a_metric_that_may_not_be_written_stops_nothing_and_names_the_permission(aws, refused, monkeypatch, capsys):
    monkeypatch.setenv("UNDENY_METRICS", "1")
    with counting.remediation(aws, "apply"):
        pass
    assert "cloudwatch:PutMetricData" in capsys.readouterr().err


def test_the_log_group_of_a_trail_is_found_where_there_is_one(aws):
    assert metrics.trail_log_group(aws) is None
    aws.client("s3").create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    group = f"arn:aws:logs:{REGION}:123456789012:log-group:trail/events:*"
    aws.client("cloudtrail").create_trail(
        Name="main", S3BucketName="trail", CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/x"
    )
    assert metrics.trail_log_group(aws) == ("trail/events", REGION)


@pytest.mark.parametrize(
    ("ask", "permission"),
    [
        (metrics.trail_log_group, "cloudtrail:DescribeTrails"),
        (lambda session: metrics.logged(session, "g", "{ $.a NOT EXISTS }", NOW, NOW), "logs:FilterLogEvents"),
    ],
)
def test_a_refused_read_names_its_permission(aws, refused, ask, permission):
    with pytest.raises(UndenyError) as told:
        ask(aws)
    assert (told.value.exit_status, permission in told.value.help[0]) == (3, True)


def test_logged_events_are_counted_page_by_page(aws, monkeypatch):
    call, pages = (
        botocore.client.BaseClient._make_api_call,
        [{"events": [{"timestamp": 5000}], "nextToken": "n"}, {"events": [{"timestamp": 7000}]}],
    )

    def answer(self, operation, parameters):
        return pages.pop(0) if operation == "FilterLogEvents" else call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    assert metrics.logged(aws, "trail", "{ $.a NOT EXISTS }", NOW, NOW) == ([5.0, 7.0], True)
