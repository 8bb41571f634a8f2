"""The lab over HTTP with real boto3: each story is denied in AWS's words, and passes once its owner has acted."""

import contextlib
import gzip
import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ClientError

from undeny import denial
from undeny.lab import Lab, worlds
from undeny.lab.server import LabSession
from undeny.lab.worlds import Story


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def stories(lab: Lab) -> dict[str, Story]:
    return {story.title: story for story in (world.seed(lab) for world in worlds.load_all())}


def refused(story: Story) -> ClientError:
    with pytest.raises(ClientError) as caught:
        story.call()
    return caught.value


def said(error: ClientError) -> str:
    return error.response["Error"]["Message"]


def admin(lab: Lab, account: str, service: str):
    return lab.admin(account).client(service)


def inline(role: str, *statements: dict) -> dict[str, str]:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {"RoleName": role, "PolicyName": "Added", "PolicyDocument": document}


def test_every_story_is_denied_with_a_request_id(stories: dict[str, Story]):
    for story in stories.values():
        error = refused(story)
        assert error.response["Error"]["Code"] == "AccessDenied"
        assert error.response["ResponseMetadata"]["RequestId"]


def test_a_missing_allow_is_told_whole_and_one_statement_mends_it(lab: Lab, stories: dict[str, Story]):
    story = stories["Nobody allowed it"]
    name = f"orders-{story.account}"
    session = f"arn:aws:sts::{story.account}:assumed-role/App/lab"
    assert said(refused(story)) == (
        f'User: {session} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::{name}/2026/11/orders.csv" '
        "because no identity-based policy allows the s3:GetObject action"
    )
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    iam = admin(lab, story.account, "iam")
    iam.put_role_policy(**inline("App", statement))
    assert story.call()["Body"].read() == b"id,total\n1,9.90\n"
    iam.delete_role_policy(RoleName="App", PolicyName="Added")
    refused(story)


def test_a_failed_condition_reads_like_a_missing_allow_and_the_call_can_mend_it(lab: Lab, stories: dict[str, Story]):
    story = stories["Allowed, but on a condition"]
    assert said(refused(story)).endswith("because no identity-based policy allows the s3:PutObject action")
    s3 = lab.session(story.principal).client("s3")
    put = s3.put_object(Bucket=f"logs-{story.account}", Key="2026/11/23/app.json", Body=b"{}", ServerSideEncryption="aws:kms")
    assert put["ServerSideEncryption"] == "aws:kms"


def test_a_service_control_policy_is_named_by_its_arn_and_binds_the_administrator_too(lab: Lab, stories: dict[str, Story]):
    story = stories["The organisation forbids it"]
    organizations = admin(lab, "management", "organizations")
    policies = organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    lock = next(policy for policy in policies if policy["Name"] == "RegionLock")
    assert said(refused(story)).endswith(f"with an explicit deny in a service control policy: {lock['Arn']}")
    with pytest.raises(ClientError, match="service control policy"):
        lab.admin(story.account, region="us-east-1").client("sqs").create_queue(QueueName="jobs")
    assert lab.session(story.principal).client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    unit = organizations.list_parents(ChildId=story.account)["Parents"][0]["Id"]
    organizations.detach_policy(PolicyId=lock["Id"], TargetId=unit)
    assert story.call()["QueueUrl"].endswith(f"/{story.account}/jobs")
    organizations.attach_policy(PolicyId=lock["Id"], TargetId=unit)
    refused(story)


def test_across_accounts_s3_says_two_words_and_both_owners_have_to_act(lab: Lab, stories: dict[str, Story]):
    story = stories["Two accounts, two owners"]
    theirs = next(account for account in story.owners if account != story.account)
    assert said(refused(story)) == "Access Denied"
    kms = admin(lab, theirs, "kms")
    key = next(
        k for k in (kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"] for k in kms.list_keys()["Keys"]) if k["Description"] == "shared data"
    )
    lets = {"Sid": "Reader", "Effect": "Allow", "Principal": {"AWS": story.principal}, "Action": "kms:Decrypt", "Resource": "*"}
    policy = json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"])
    policy["Statement"].append(lets)
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=json.dumps(policy))
    assert said(refused(story)) == "Access Denied"
    via = {"StringEquals": {"kms:ViaService": f"s3.{lab.region}.amazonaws.com"}}
    decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key["Arn"], "Condition": via}
    admin(lab, story.account, "iam").put_role_policy(**inline("Reader", decrypt))
    assert story.call()["Body"].read() == b"shared"


def test_a_caller_may_use_its_environment_from_outside(lab: Lab, stories: dict[str, Story]):
    story = stories["Nobody allowed it"]
    for account, variables in {**story.readers, **story.owners}.items():
        session = LabSession(
            variables["AWS_ENDPOINT_URL"],
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=variables.get("AWS_SESSION_TOKEN"),
            region_name=variables["AWS_REGION"],
        )
        assert session.client("sts").get_caller_identity()["Account"] == account


def test_the_reader_reads_and_does_nothing_else(lab: Lab, stories: dict[str, Story], monkeypatch: pytest.MonkeyPatch):
    story = stories["The organisation forbids it"]
    for name, value in story.reader.items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    assert session.client("iam").get_role_policy(RoleName="Deploy", PolicyName="DeployQueues")["PolicyName"] == "DeployQueues"
    assert session.client("organizations").list_parents(ChildId=story.account)["Parents"]
    none = session.client("s3control").exceptions.NoSuchPublicAccessBlockConfiguration
    with pytest.raises(none):
        session.client("s3control").get_public_access_block(AccountId=story.account)
    with pytest.raises(ClientError, match="iam:DeleteRole"):
        session.client("iam").delete_role(RoleName="Deploy")
    with pytest.raises(ClientError, match=r"organizations:DetachPolicy|You don't have permissions"):
        session.client("organizations").detach_policy(PolicyId="p-FullAWSAccess", TargetId=story.account)


def test_event_history_holds_the_denied_management_event_and_not_the_objects(lab: Lab, stories: dict[str, Story]):
    story = stories["The organisation forbids it"]
    refused(story)
    found = lab.admin(story.account, region="eu-west-1").client("cloudtrail").lookup_events()["Events"]
    assert "CreateQueue" not in {event["EventName"] for event in found if event["CloudTrailEvent"].find("errorCode") > 0}
    management = lab.admin("management").client("organizations")
    lock = next(p for p in management.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"] if p["Name"] == "RegionLock")
    unit = management.list_parents(ChildId=story.account)["Parents"][0]["Id"]
    with pytest.raises(ClientError, match=r"cloudtrail:LookupEvents.*service control policy"):
        lab.admin(story.account, region="us-east-1").client("cloudtrail").lookup_events()
    management.detach_policy(PolicyId=lock["Id"], TargetId=unit)
    trail = lab.admin(story.account, region="us-east-1").client("cloudtrail")
    events = trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateQueue"}])["Events"]
    management.attach_policy(PolicyId=lock["Id"], TargetId=unit)
    event = json.loads(next(e["CloudTrailEvent"] for e in events if "errorCode" in e["CloudTrailEvent"]))
    assert (event["errorCode"], event["awsRegion"], event["eventSource"]) == ("AccessDenied", "us-east-1", "sqs.amazonaws.com")
    assert event["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "Deploy"


def test_the_hidden_call_of_the_two_owners_is_in_the_callers_event_history(lab: Lab, stories: dict[str, Story]):
    story = stories["Two accounts, two owners"]
    with contextlib.suppress(ClientError):
        story.call()
    trail = admin(lab, story.account, "cloudtrail")
    events = trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "Decrypt"}])["Events"]
    event = json.loads(events[-1]["CloudTrailEvent"])
    assert event["userIdentity"]["invokedBy"] == "s3.amazonaws.com"
    assert event["resources"][0]["ARN"].startswith("arn:aws:kms:")
    assert not trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetObject"}])["Events"]


def test_trail_files_in_the_bucket_hold_the_data_events_and_undeny_reads_them(lab: Lab, stories: dict[str, Story], tmp_path):
    story = stories["Nobody allowed it"]
    error = refused(story)
    keys = lab.deliver_trail(tmp_path)
    s3 = admin(lab, "audit", "s3")
    key = next(key for key in keys if f"/{story.account}/" in key and lab.region in key)
    body = s3.get_object(Bucket=lab.trail_bucket, Key=key)["Body"].read()
    assert (tmp_path / key).read_bytes() == body
    records = json.loads(gzip.decompress(body))
    wanted = error.response["ResponseMetadata"]["RequestId"]
    seen = next(one for one in denial.parse(records) if one.request_id == wanted)
    assert (seen.action, seen.operation, seen.error_code) == ("s3:GetObject", "GetObject", "AccessDenied")
    assert seen.resource == f"arn:aws:s3:::orders-{story.account}/2026/11/orders.csv"
    assert seen.principal == f"arn:aws:sts::{story.account}:assumed-role/App/lab"


def test_the_lab_could_answer_everything_that_was_asked(lab: Lab, stories: dict[str, Story]):
    assert lab.gate.faults == []
