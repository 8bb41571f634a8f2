import pytest
from botocore.exceptions import ClientError

from undeny.aws.repeat import repeat
from undeny.aws.session import identity
from undeny.calls.model import Request

ACCOUNT, REGION = "123456789012", "eu-west-1"


@pytest.fixture
def asked(aws):
    me = identity(aws).arn

    def make(action, resource, **more):
        return Request(**({"principal": me, "action": action, "resource": resource} | more))

    return make


@pytest.fixture
def recorded(monkeypatch):
    import botocore.client

    call, seen = botocore.client.BaseClient._make_api_call, []

    def note(self, operation, parameters):
        seen.append((operation, parameters))
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", note)
    return seen


def answering(monkeypatch, code, status):
    import botocore.client

    call = botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation != "GetCallerIdentity":
            raise ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)


def test_a_read_of_an_object_is_repeated_for_one_byte(aws, asked, recorded):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="data", Key="a/k", Body=b"text")
    assert repeat(aws, asked("s3:GetObject", "arn:aws:s3:::data/a/k")).outcome == "allowed"
    assert recorded[-1][0] == "GetObject"
    assert recorded[-1][1].items() >= {"Bucket": "data", "Key": "a/k", "Range": "bytes=0-0"}.items()


def test_what_aws_answers_after_the_authorization_counts_as_allowed(aws, asked):
    aws.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    done = repeat(aws, asked("s3:GetObject", "arn:aws:s3:::data/missing"))
    assert done.outcome == "allowed"
    assert "NoSuchKey" in done.text


def test_a_refusal_is_denied_with_awss_words(aws, asked, monkeypatch):
    answering(monkeypatch, "AccessDenied", 403)
    done = repeat(aws, asked("s3:ListBucket", "arn:aws:s3:::data"))
    assert done.outcome == "denied"
    assert "AccessDenied" in done.text


@pytest.mark.parametrize(("code", "status"), [("Throttling", 400), ("InternalError", 500), ("ValidationException", 400)])
def test_an_answer_that_says_nothing_of_permissions_is_no_answer(aws, asked, monkeypatch, code, status):
    answering(monkeypatch, code, status)
    assert repeat(aws, asked("s3:ListBucket", "arn:aws:s3:::data")).outcome == "not_repeated"


def test_a_dry_run_that_would_have_gone_through_is_allowed(aws, asked, monkeypatch):
    answering(monkeypatch, "DryRunOperation", 412)
    asked_ = asked("ec2:RunInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*", parameters={"minCount": 1, "maxCount": 1})
    assert repeat(aws, asked_).outcome == "allowed"


def test_what_can_be_run_dry_is_run_dry_with_the_parameters_of_the_event(aws, asked, recorded):
    asked_ = asked(
        "ec2:RunInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*", parameters={"minCount": 1, "maxCount": 1, "imageId": "ami-1"}
    )
    repeat(aws, asked_)
    assert recorded[-1][0] == "RunInstances"
    assert recorded[-1][1].items() >= {"MinCount": 1, "MaxCount": 1, "ImageId": "ami-1", "DryRun": True}.items()


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", "arn:aws:s3:::data/k"),
        ("s3:DeleteBucket", "arn:aws:s3:::data"),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/App"),
        ("sqs:ReceiveMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"),
        ("kms:ScheduleKeyDeletion", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"),
        ("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"),
        ("ec2:TerminateInstances", f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"),
    ],
)
def test_nothing_that_changes_something_or_lacks_its_parameters_is_called(aws, asked, recorded, action, resource):
    assert repeat(aws, asked(action, resource)).outcome == "not_repeated"
    assert {operation for operation, _ in recorded} == {"GetCallerIdentity"}


def test_a_read_takes_what_it_needs_from_the_arn(aws, asked, recorded, trust):
    aws.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    assert repeat(aws, asked("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/App")).outcome == "allowed"
    assert recorded[-1] == ("GetRole", {"RoleName": "App"})


def test_only_the_denied_callers_own_credentials_repeat_its_call(aws, recorded):
    done = repeat(aws, Request(principal="arn:aws:iam::123456789012:role/Other", action="s3:ListAllMyBuckets"))
    assert done.outcome == "not_repeated"
    assert "role/Other" in done.why
    assert {operation for operation, _ in recorded} == {"GetCallerIdentity"}


def test_any_session_of_the_role_may_repeat_its_call(aws, trust):
    import boto3

    aws.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    made = aws.client("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/App", RoleSessionName="here")["Credentials"]
    session = boto3.Session(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"], REGION)
    request = Request(principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/App/there", action="s3:ListAllMyBuckets")
    assert repeat(session, request).outcome == "allowed"
