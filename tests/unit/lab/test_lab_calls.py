"""The lab's own mapping of calls, compared with undeny's: two readings of one call, written apart."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from undeny import calls, catalog
from undeny.denial.model import Denial
from undeny.lab import Lab, services
from undeny.lab.model import Call, Caller

BUCKET = {"Bucket": "lab-calls-bucket"}
OBJECT = BUCKET | {"Key": "a/b c.txt"}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("s3", "ListBuckets", {}),
    ("s3", "GetObject", OBJECT),
    ("s3", "GetObject", OBJECT | {"VersionId": "v"}),
    ("s3", "HeadObject", OBJECT),
    ("s3", "PutObject", OBJECT),
    ("s3", "PutObject", OBJECT | {"ACL": "public-read", "Tagging": "a=b"}),
    ("s3", "DeleteObject", OBJECT),
    ("s3", "ListObjectsV2", BUCKET),
    ("s3", "ListObjects", BUCKET),
    ("s3", "HeadBucket", BUCKET),
    ("s3", "ListObjectVersions", BUCKET),
    ("s3", "CreateMultipartUpload", OBJECT),
    ("s3", "AbortMultipartUpload", OBJECT),
    ("s3", "GetBucketEncryption", BUCKET),
    ("s3", "DeleteBucketEncryption", BUCKET),
    ("s3", "GetPublicAccessBlock", BUCKET),
    ("s3", "GetBucketPolicy", BUCKET),
    ("s3", "PutBucketPolicy", BUCKET),
    ("s3", "GetBucketLifecycleConfiguration", BUCKET),
    ("s3", "GetBucketNotificationConfiguration", BUCKET),
    ("s3", "GetObjectLockConfiguration", BUCKET),
    ("s3", "CreateBucket", {"Bucket": "lab-calls-new"}),
    ("iam", "GetRole", {"RoleName": "App"}),
    ("iam", "CreateRole", {"RoleName": "New", "Path": "/team/"}),
    ("iam", "PutRolePolicy", {"RoleName": "App", "PolicyName": "p"}),
    ("iam", "DeleteRole", {"RoleName": "App"}),
    ("iam", "CreateUser", {"UserName": "dora"}),
    ("iam", "CreateGroup", {"GroupName": "g"}),
    ("iam", "CreatePolicy", {"PolicyName": "p"}),
    ("iam", "GetPolicy", {"PolicyArn": "arn:aws:iam::111122223333:policy/p"}),
    ("iam", "CreatePolicyVersion", {"PolicyArn": "arn:aws:iam::111122223333:policy/p"}),
    ("iam", "GetAccountSummary", {}),
    ("kms", "CreateKey", {}),
    ("kms", "ListKeys", {}),
    ("sqs", "CreateQueue", {"QueueName": "q"}),
    ("sqs", "SendMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/q"}),
    ("sqs", "SendMessageBatch", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/q"}),
    ("sqs", "GetQueueAttributes", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/444455556666/q"}),
    ("sns", "Publish", {"TopicArn": "arn:aws:sns:eu-west-1:444455556666:t"}),
    ("sns", "PublishBatch", {"TopicArn": "arn:aws:sns:eu-west-1:444455556666:t"}),
    ("sns", "GetTopicAttributes", {"TopicArn": "arn:aws:sns:eu-west-1:444455556666:t"}),
    ("lambda", "Invoke", {"FunctionName": "f"}),
    ("lambda", "GetFunctionConfiguration", {"FunctionName": "f"}),
    ("lambda", "Invoke", {"FunctionName": "arn:aws:lambda:eu-west-1:444455556666:function:f"}),
    ("lambda", "ListFunctions", {}),
    ("secretsmanager", "GetSecretValue", {"SecretId": "arn:aws:secretsmanager:eu-west-1:444455556666:secret:s-AbCdEf"}),
    ("secretsmanager", "ListSecrets", {}),
    ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::444455556666:role/R", "RoleSessionName": "x"}),
    ("organizations", "DescribeOrganization", {}),
    ("cloudtrail", "LookupEvents", {}),
    ("ec2", "DescribeInstances", {}),
    ("ec2", "DescribeVpcEndpoints", {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        made = lab.maker("app")
        made.client("s3").create_bucket(Bucket=BUCKET["Bucket"], CreateBucketConfiguration={"LocationConstraint": lab.region})
        made.client("s3").put_object(**OBJECT, Body=b"x")
        made.client("iam").create_role(
            RoleName="App",
            AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
        )
        yield lab


def call(lab: Lab, service: str, operation: str, parameters: dict[str, Any]) -> Call:
    arn = lab.admin_arn("app")
    caller = Caller(kind="user", arn=arn, account=lab.account["app"], unique_id="AIDAEXAMPLE", name="admin")
    return Call(
        caller=caller,
        service=service,
        operation=operation,
        parameters=parameters,
        region=lab.region,
        protocol="json",
        headers={},
        request_id="r",
        host_id="h",
        time=datetime(2026, 11, 24, tzinfo=UTC),
        source_ip="203.0.113.9",
    )


def ours(lab: Lab, service: str, operation: str, parameters: dict[str, Any]) -> tuple[str, str]:
    account = lab.account["app"]
    told = Denial(
        service=service, operation=operation, parameters=parameters, principal=lab.admin_arn("app"), account=account, region=lab.region
    )
    first = calls.requests_of(told)[0]
    return first.action, first.resource


@pytest.mark.parametrize(("service", "operation", "parameters"), CALLS, ids=lambda value: value if isinstance(value, str) else "")
def test_both_readings_ask_the_same_action_on_the_same_resource(lab: Lab, service: str, operation: str, parameters: dict[str, Any]):
    asked = services.asked(call(lab, service, operation, parameters))[0]
    assert (asked.action, asked.resource) == ours(lab, service, operation, parameters)


@pytest.mark.parametrize(("service", "operation", "parameters"), CALLS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_action_that_the_lab_asks_for_exists(lab: Lab, service: str, operation: str, parameters: dict[str, Any]):
    for asked in services.asked(call(lab, service, operation, parameters)):
        assert catalog.action(asked.action), asked.action


def test_a_copy_reads_its_source_and_writes_its_target(lab: Lab):
    copied = OBJECT | {"Key": "copy", "CopySource": f"{BUCKET['Bucket']}/a/b%20c.txt"}
    asked = services.asked(call(lab, "s3", "CopyObject", copied))
    assert [(one.action, one.resource.rpartition("/")[2]) for one in asked] == [("s3:GetObject", "b c.txt"), ("s3:PutObject", "copy")]


def test_an_acl_and_tags_are_actions_of_their_own(lab: Lab):
    asked = services.asked(call(lab, "s3", "PutObject", OBJECT | {"ACL": "private", "Tagging": "team=red"}))
    assert [one.action for one in asked] == ["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"]
    assert asked[0].context["s3:RequestObjectTag/team"] == "red"
    assert asked[0].context["s3:x-amz-acl"] == "private"
