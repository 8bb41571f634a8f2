"""The lab's CloudTrail: shapes as AWS documents them, and what history and files hold."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from undeny import denial
from undeny.lab import trail
from undeny.lab.model import Asked, Call, Caller, Fault, Refusal

ACCOUNT = "111122223333"
USER = Caller(
    kind="user", arn=f"arn:aws:iam::{ACCOUNT}:user/alice", account=ACCOUNT, unique_id="AIDAEXAMPLE", name="alice", access_key="AKIAEXAMPLE"
)
SESSION = Caller(
    kind="role_session",
    arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-0abc",
    account=ACCOUNT,
    unique_id="AROAEXAMPLE:i-0abc",
    name="App",
    issuer=f"arn:aws:iam::{ACCOUNT}:role/team/App",
    issuer_id="AROAEXAMPLE",
    access_key="ASIAEXAMPLE",
    issued=datetime(2026, 11, 24, 17, tzinfo=UTC),
)
ALWAYS = {
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "requestParameters",
    "responseElements", "requestID", "eventID", "readOnly", "eventType", "managementEvent", "recipientAccountId", "eventCategory",
}  # fmt: skip
"""https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html"""


def call(service: str = "sqs", operation: str = "CreateQueue", caller: Caller = USER, **given: Any) -> Call:
    told: dict[str, Any] = {"parameters": {"QueueName": "q"}, "region": "eu-west-1", "protocol": "json", "headers": {"user-agent": "x/1"}}
    told |= {"request_id": "r-1", "host_id": "h", "time": datetime(2026, 11, 24, 18, 4, 11, tzinfo=UTC), "source_ip": "203.0.113.9"}
    return Call(caller=caller, service=service, operation=operation, **(told | given))


def refused(action: str = "sqs:CreateQueue") -> Fault:
    asked = Asked(action=action)
    refusal = Refusal(asked=asked, layer="identity", explicit=False)
    message = f"User: {USER.arn} is not authorized to perform: {action} on resource: x because no identity-based policy allows the {action} action"
    return Fault(code="AccessDeniedException", status=400, message=message, event_code="AccessDenied", refusal=refusal)


def test_an_event_has_every_field_that_aws_always_writes():
    assert set(trail.made(call(), None, None)) >= ALWAYS


def test_a_denied_event_has_code_and_message_and_hides_its_parameters():
    event = trail.made(call(), refused(), None)
    assert event["errorCode"] == "AccessDenied"
    assert event["requestParameters"] is None
    assert "errorCode" not in trail.made(call(), None, None)
    assert trail.made(call(), None, None)["requestParameters"] == {"queueName": "q"}


def test_a_session_shows_its_issuer_with_the_roles_path():
    session = trail.identity(SESSION)["sessionContext"]
    assert session["sessionIssuer"]["arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/App"
    assert session["attributes"] == {"creationDate": "2026-11-24T17:00:00Z", "mfaAuthenticated": "false"}
    assert trail.identity(USER) == {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": USER.arn,
        "accountId": ACCOUNT,
        "accessKeyId": "AKIAEXAMPLE",
        "userName": "alice",
    }


@pytest.mark.parametrize(
    ("service", "operation", "management"),
    [
        ("sqs", "CreateQueue", True),
        ("sqs", "SendMessage", False),
        ("s3", "GetObject", False),
        ("s3", "CreateBucket", True),
        ("lambda", "Invoke", False),
    ],
)
def test_data_events_are_no_management_events(service: str, operation: str, management: bool):  # noqa: FBT001 - a column of the table
    event = trail.made(call(service, operation, parameters={}), None, None)
    assert event["managementEvent"] is management
    assert event["eventCategory"] == ("Management" if management else "Data")


def test_s3_names_its_parameters_in_its_own_way_and_keeps_them_when_it_refuses():
    event = trail.made(
        call("s3", "PutObject", parameters={"Bucket": "b", "Key": "k", "ServerSideEncryption": "AES256"}), refused("s3:PutObject"), None
    )
    assert event["requestParameters"] == {
        "bucketName": "b",
        "Host": "b.s3.eu-west-1.amazonaws.com",
        "key": "k",
        "x-amz-server-side-encryption": "AES256",
    }


def test_lambda_writes_its_apis_date_behind_names():
    assert trail.made(call("lambda", "CreateFunction", parameters={}), None, None)["eventName"] == "CreateFunction20150331"
    assert trail.made(call("lambda", "Invoke", parameters={}), None, None)["eventName"] == "Invoke"


def test_a_hidden_call_says_on_whose_behalf():
    key = "arn:aws:kms:eu-west-1:444455556666:key/k"
    context = {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b/k"}
    asked = Asked(action="kms:Decrypt", resource=key, account="444455556666", context=context, via="s3.amazonaws.com", operation="Decrypt")
    event = trail.hidden(call("s3", "GetObject"), asked, refused("kms:Decrypt"))
    assert event["userIdentity"]["invokedBy"] == event["sourceIPAddress"] == "s3.amazonaws.com"
    assert event["requestParameters"]["encryptionContext"] == {"aws:s3:arn": "arn:aws:s3:::b/k"}
    assert (event["eventSource"], event["recipientAccountId"]) == ("kms.amazonaws.com", ACCOUNT)


def test_event_history_holds_management_events_of_one_account_and_region_newest_first():
    kept = trail.Trail()
    kept.record(call("sqs", "SendMessage"), None)
    kept.record(call("sqs", "CreateQueue"), None)
    kept.record(call("sqs", "DeleteQueue"), None)
    kept.record(call("iam", "ListRoles", parameters={}), None)
    assert [event["eventName"] for event in kept.history(ACCOUNT, "eu-west-1")] == ["DeleteQueue", "CreateQueue"]
    assert [event["eventName"] for event in kept.history(ACCOUNT, "us-east-1")] == ["ListRoles"]
    assert kept.history("444455556666", "eu-west-1") == []


def test_a_trail_file_is_delivered_once_and_undeny_reads_it(tmp_path):
    kept = trail.Trail()
    kept.record(call(), refused())
    kept.record(call(), None)
    files = kept.undelivered()
    (name,) = files
    assert name.startswith(f"AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/2026/11/24/{ACCOUNT}_CloudTrail_eu-west-1_20261124T1804Z_")
    assert len(json.loads(gzip.decompress(files[name]))["Records"]) == 2
    assert kept.undelivered() == {}
    (path,) = trail.write(files, tmp_path)
    (seen,) = denial.parse(path)
    assert (seen.action, seen.principal, seen.request_id) == ("sqs:CreateQueue", USER.arn, "r-1")
    assert (seen.kind, seen.policy_type) == ("implicit", "identity_based")


def test_a_call_allowed_across_accounts_is_written_in_both_and_a_refused_one_in_the_callers():
    queue = {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/q"}
    kept = trail.Trail()
    kept.record(call("sqs", "DeleteQueue", parameters=queue), None)
    kept.record(call("sqs", "PurgeQueue", parameters=queue), refused("sqs:PurgeQueue"))
    (mine, _), (theirs,) = kept.history(ACCOUNT, "eu-west-1")[::-1], kept.history("444455556666", "eu-west-1")
    assert mine["sharedEventID"] == theirs["sharedEventID"]
    assert mine["eventID"] != theirs["eventID"]
    assert theirs["eventName"] == "DeleteQueue"
