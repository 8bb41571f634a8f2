"""Whom a change touches, what it asks for, and when a maintenance window is due."""

import json

import pytest

from undeny import change
from undeny.aws.targets import _KINDS, Place, write_calls
from undeny.change.dangers import DANGERS
from undeny.change.windows import WINDOWS
from undeny.fix.model import SettingEdit
from undeny.prove.model import Proof, ProvenFix

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def plan(aws, proven, edit, **more):
    return change.plan(proven(edit), aws, organization=True, **more)


def trust(*principals):
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_a_trust_policys_plan_names_who_may_assume_the_role_and_what_runs_as_it(aws, proven, edit):
    iam = aws.client("iam")
    before = trust(f"arn:aws:iam::{ACCOUNT}:user/ci", "arn:aws:iam::999988887777:root")
    iam.update_assume_role_policy(RoleName="App", PolicyDocument=json.dumps(before))
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="App")
    step = plan(aws, proven, edit(before, trust(f"arn:aws:iam::{ACCOUNT}:user/ci"), None, "resource")).steps[0]
    assert f"arn:aws:iam::{ACCOUNT}:user/ci may assume it" in step.touches
    assert "arn:aws:iam::999988887777:root may assume it" in step.touches
    assert any(line == "instances with profile web" or "could not be read" in line for line in step.touches)


def test_a_keys_plan_names_its_users_its_grants_and_its_aliases(aws, proven, edit):
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/Backup", Operations=["Decrypt"])
    before = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    more = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Decrypt", "Resource": "*"}
    step = plan(aws, proven, edit(before, before | {"Statement": [*before["Statement"], more]}, None, "resource", key)).steps[0]
    assert f"arn:aws:iam::{ACCOUNT}:role/Backup has a grant" in step.touches
    assert "what is encrypted under alias/orders" in step.touches
    assert step.confirm is None


def test_an_scps_plan_names_its_levels_with_their_accounts_and_wants_its_name(aws, proven, edit):
    organizations = aws.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    told = {"Description": "x", "Type": "SERVICE_CONTROL_POLICY", "Content": json.dumps(DOCUMENT)}
    policy = organizations.create_policy(Name="Lock", **told)["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=root)
    after = DOCUMENT | {"Statement": DOCUMENT["Statement"] * 2}
    step = plan(aws, proven, edit(DOCUMENT, after, "Lock", "scp", root)).steps[0]
    assert any(line.startswith(f"{root}: 1 account (") for line in step.touches)
    assert step.confirm == "Lock"


@pytest.mark.parametrize("kind", ["Gateway", "Interface"])
def test_an_endpoint_whose_private_dns_is_on_wants_a_window_and_a_notice(aws, proven, edit, kind):
    due = kind == "Interface"
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    service = f"com.amazonaws.{REGION}.{'s3' if kind == 'Gateway' else 'sqs'}"
    asked = {"VpcId": vpc, "ServiceName": service, "VpcEndpointType": kind, "PolicyDocument": json.dumps(DOCUMENT)}
    made = ec2.create_vpc_endpoint(**asked, PrivateDnsEnabled=due)["VpcEndpoint"]["VpcEndpointId"]
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-endpoint/{made}"
    planned = plan(aws, proven, edit(DOCUMENT, DOCUMENT | {"Id": "x"}, made, "endpoint", arn))
    assert f"every call from {vpc} to {service}" in planned.steps[0].touches
    assert bool(planned.steps[0].windows) is due
    assert planned.names == (made,)
    assert (planned.notice is not None) is due
    if planned.notice:
        assert planned.notice.startswith(f"Subject: change to AWS account {ACCOUNT} in {REGION} on <WHEN>")
        assert f"every call from {vpc}" in planned.notice


def test_switching_a_guard_off_wants_the_name_of_the_thing(aws, proven):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    on, off = dict.fromkeys(names, True), dict.fromkeys(names, True) | {"BlockPublicPolicy": False}
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=on)

    def setting(before, after):
        told = {"target": "arn:aws:s3:::data", "operation": "s3:PutPublicAccessBlock"}
        return SettingEdit(**told, before={"PublicAccessBlockConfiguration": before}, after={"PublicAccessBlockConfiguration": after})

    assert plan(aws, proven, setting(on, off)).names == ("data",)
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=off)
    assert plan(aws, proven, setting(off, on)).names == ()


def test_a_fix_that_weakens_a_guard_wants_its_name_whatever_it_edits(aws, proven, edit):
    aws.client("iam").put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=json.dumps(DOCUMENT))
    fix = proven(edit(DOCUMENT, DOCUMENT | {"Id": "x"})).fix
    weak = ProvenFix(fix=fix, proofs=(Proof(obligation="no_guard_weakened", holds=False, how="it drops aws:SourceVpce"),))
    assert change.plan(weak, aws).names == ("p",)
    assert plan(aws, proven, edit(DOCUMENT, DOCUMENT | {"Id": "x"})).names == ()


def test_every_call_that_puts_a_document_is_told_with_its_danger():
    names = {"RoleName": "r", "PolicyArn": "a", "PolicyName": "p"}
    actions = {call.action for kind in _KINDS for call in write_calls(Place(kind=kind, title="t", names=names), "{}")}
    assert actions - {action for action in actions if "Attach" in action} <= set(DANGERS)


def test_every_window_has_awss_page():
    assert all(window.source.startswith("https://docs.aws.amazon.com/") for window in WINDOWS.values())
