import json

import pytest
from botocore.exceptions import ClientError

from undeny import catalog
from undeny.aws import collect
from undeny.calls.model import Request
from undeny.evidence import snapshot
from undeny.evidence.model import Gap, Policy

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE, ALICE = f"arn:aws:iam::{ACCOUNT}:role/team/App", f"arn:aws:iam::{ACCOUNT}:user/alice"
ALLOW = '{"Version":"2012-10-17",\n  "Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


@pytest.fixture
def peopled(aws, trust):
    iam = aws.client("iam")
    managed = iam.create_policy(PolicyName="managed", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.create_role(RoleName="App", Path="/team/", AssumeRolePolicyDocument=trust, PermissionsBoundary=managed)
    iam.put_role_policy(RoleName="App", PolicyName="inline", PolicyDocument=ALLOW)
    iam.attach_role_policy(RoleName="App", PolicyArn=managed)
    iam.create_user(UserName="alice")
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="alice")
    iam.put_group_policy(GroupName="devs", PolicyName="theirs", PolicyDocument=ALLOW)
    aws.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.client("s3").put_bucket_policy(Bucket="data", Policy=json.dumps(json.loads(ALLOW)))
    aws.client("sqs").create_queue(QueueName="q")
    aws.client("kms").create_key()
    return aws


def test_every_role_and_user_has_its_policies_with_those_of_its_groups(peopled):
    held = collect.account(peopled)
    assert [policy.name for policy in held.holders[ROLE].identity] == ["inline", "managed"]
    assert [policy.name for policy in held.holders[ROLE].boundary] == ["managed"]
    assert held.holders[ROLE].identity[0].document.text == ALLOW
    assert [policy.name for policy in held.holders[ALICE].identity] == ["theirs"]
    assert held.holders[ALICE].boundary is None


def test_every_thing_with_a_policy_of_its_own_is_read(peopled):
    held = collect.account(peopled)
    assert isinstance(held.resources["arn:aws:s3:::data"].policy, Policy)
    assert held.resources[f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"].exists is True
    assert [arn for arn in held.resources if ":kms:" in arn]
    assert isinstance(held.resources[ROLE].policy, Policy)
    assert held.paths == {("scp", ACCOUNT): (), ("rcp", ACCOUNT): ()}


def test_a_saved_account_answers_for_each_of_its_callers(peopled, tmp_path):
    snapshot.save(tmp_path, collect.account(peopled))
    back = snapshot.read(tmp_path)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-0abc1234def567890"
    for principal, names in ((session, ["inline", "managed"]), (ALICE, ["theirs"])):
        request = Request(
            principal=principal, action="s3:GetObject", resource="arn:aws:s3:::data/k", context={"aws:SourceIp": "203.0.113.9"}
        )
        held = back.evidence_for(request).policies
        assert [policy.name for policy in held.identity] == names
        assert isinstance(held.resource, Policy)
        assert (held.scp, held.rcp) == ((), ())
    assert back.accounts == (ACCOUNT,)


def test_what_was_refused_is_a_gap_and_the_rest_is_read(peopled, monkeypatch, tmp_path):
    import botocore.client

    call = botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation in ("GetAccountAuthorizationDetails", "ListQueues"):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {}}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    held = collect.account(peopled)
    assert {gap.permission for gap in held.gaps} == {"iam:GetAccountAuthorizationDetails", "sqs:ListQueues"}
    assert isinstance(held.resources["arn:aws:s3:::data"].policy, Policy)
    snapshot.save(tmp_path, held)
    request = Request(principal=ALICE, action="s3:GetObject", resource="arn:aws:s3:::data/k")
    assert isinstance(snapshot.read(tmp_path).evidence_for(request).policies.identity, Gap)


def test_a_whole_account_is_listed_with_permissions_that_only_read():
    for action in collect.account_permissions():
        assert set(catalog.action(action).access_levels) <= {"Read", "List"}, action


def test_the_plan_of_a_whole_account_makes_its_reader_policy():
    policy = collect.reader_policy(collect.account_plan())
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert allowed == {*collect.permissions(), *collect.account_permissions()} - {"sts:GetCallerIdentity"}
    assert "s3:ListAllMyBuckets" in allowed
