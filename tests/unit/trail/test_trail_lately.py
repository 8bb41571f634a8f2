"""What trail files tell of the time before a denial, and what event history can never hold."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from undeny import pipeline
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.trail.data_events import kind_of, never_there
from undeny.trail.lately import before

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SESSION = "arn:aws:sts::111122223333:assumed-role/App/job-7"
DENIAL = Denial(principal=SESSION, resource="arn:aws:s3:::data/k", event_time=NOW, action="s3:GetObject")


def event(name, minutes, source="iam", *, given=None, writes=True, **more):
    return {
        "eventVersion": "1.11",
        "eventTime": (NOW - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z"),
        "eventName": name,
        "eventSource": f"{source}.amazonaws.com",
        "readOnly": not writes,
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/ci/s"},
        "requestParameters": given,
        **more,
    }


@pytest.fixture
def trail(tmp_path):
    def write(*events):
        (tmp_path / "t.json").write_text(json.dumps({"Records": list(events)}))
        return (str(tmp_path),)

    return write


def test_writes_of_the_day_before_on_role_bucket_and_organisation_are_told(trail):
    role = {"roleName": "App", "policyName": "Reads"}
    found = before(
        trail(
            event("PutRolePolicy", 12, given=role),
            event("PutBucketPolicy", 40, "s3", given={"bucketName": "data"}),
            event("AttachPolicy", 90, "organizations", given={"policyId": "p-1", "targetId": "ou-1"}),
            event("PutRolePolicy", 5, given={"roleName": "Other", "policyName": "x"}),
            event("PutRolePolicy", 6, given=role, errorCode="AccessDenied"),
            event("GetRole", 7, given=role, writes=False),
            event("PutRolePolicy", 25 * 60, given=role),
            event("PutRolePolicy", -5, given=role),
            event("CreateAccount", 3, "organizations", given={"accountName": "new"}),
        ),
        DENIAL,
    )
    assert [(one.event, one.by, one.on) for one in found.changes] == [
        ("AttachPolicy", "role ci", "the organisation, p-1, ou-1"),
        ("PutBucketPolicy", "role ci", "data"),
        ("PutRolePolicy", "role ci", "Reads of App"),
    ]
    assert found.problems == ()


def test_by_whom_the_session_was_made_is_told(trail):
    given = {"roleArn": "arn:aws:iam::111122223333:role/team/App", "roleSessionName": "job-7"}
    others = {**given, "roleSessionName": "job-8"}
    paths = trail(
        event("AssumeRole", 30, "sts", given=given, writes=False),
        event("AssumeRole", 10, "sts", given=others, writes=False),
        event("AssumeRole", 13 * 60, "sts", given=given, writes=False),
    )
    assert before(paths, DENIAL).assumed == (
        "its session was made by arn:aws:sts::111122223333:assumed-role/ci/s (AssumeRole at 11:30:00 UTC)",
    )


def test_the_explanation_has_them(trail):
    told = before(trail(event("PutRolePolicy", 12, given={"roleName": "App", "policyName": "Reads"})), DENIAL)
    walked = pipeline.walk_subject(pipeline.Subject(denial=DENIAL, changes=told.changes))
    assert [one.event for one in walked.explanation.changed_lately] == ["PutRolePolicy"]


def test_broken_files_are_said_and_a_denial_without_a_time_has_no_time_before(trail, tmp_path):
    paths = trail(event("PutRolePolicy", 12, given={"roleName": "App"}))
    (tmp_path / "broken.json").write_text('{"Records": [{"eventVersion": "1.11", "readOnly":false')
    assert [len(part) for part in (before(paths, DENIAL).changes, before(paths, DENIAL).problems)] == [1, 1]
    with pytest.raises(UndenyError) as caught:
        before(paths, Denial(principal=SESSION))
    assert caught.value.code == "no-time"


@pytest.mark.parametrize(
    ("name", "service"),
    [("PutObject", "s3"), ("s3:putobject", "s3"), ("Invoke", "lambda"), ("dynamodb:Query", "dynamodb"), ("kms:Decrypt", None), ("Publish", "sns"),
     ("s3:PutBucketPolicy", None), ("glue:GetTable", None)],
)  # fmt: skip
def test_data_events_are_known_by_their_operation(name, service):
    assert kind_of(name) == service
    assert (never_there(name) is None) is (service is None)
