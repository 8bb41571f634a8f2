"""The full walk of each fix strategy in the lab: denied, applied, read back, allowed, rolled back, denied again.

Each world is one denial whose cause the strategy serves. A strategy whose fix is another call has that call made; one that nothing can
carry out is listed with the reason.
"""

import json

import msgspec
import pytest
from botocore.exceptions import ClientError

from generators import walks
from undeny import change, evidence, pipeline
from undeny.calls.model import Given
from undeny.change.carrying import Way
from undeny.change.store import Store
from undeny.lab import Lab
from undeny.lab.worlds._furniture import allow, bucket, delegate_reading, document, role


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        yield running


class World:
    """A denial: who calls what in which account, and whose sessions read and write."""

    def __init__(self, lab, name, unit="Workloads"):
        self.lab = lab
        self.account = lab.add_account(name, unit=unit)
        delegate_reading(lab, self.account)
        self.owner = lab.admin(self.account)
        self.readers = (self.owner,)
        self.bucket = f"{name}-{self.account}"

    def client(self, service, arn, **more):
        return self.lab.session(arn, **more).client(service)


def base(lab, name, *statements):
    world = World(lab, name)
    world.role = role(lab, world.account, "App", {"Base": document(*statements)} if statements else {})
    return world


def data(world):
    bucket(world.lab, world.account, world.bucket, {"k": b"x"})
    s3 = world.client("s3", world.role)
    world.call = lambda: s3.get_object(Bucket=world.bucket, Key="k")
    world.given = Given(principal=world.role, resource=f"arn:aws:s3:::{world.bucket}/k", context={"aws:SourceIp": "203.0.113.9"})
    return world


def identity_statement(lab):
    return data(base(lab, "w-identity", allow("Other", "ec2:DescribeVpcs", "*")))


def same_things(lab):
    name = f"w-same-{lab.account.get('x', '')}"
    world = base(lab, name.rstrip("-"))
    statement = allow("Writes", "s3:PutObject", f"arn:aws:s3:::{world.bucket}/*")
    lab.maker(world.account).client("iam").put_role_policy(
        RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(statement))
    )
    return data(world)


def corrected_statement(lab):
    world = base(lab, "w-corrected")
    statement = allow("Reads", "s3:GetObject", f"arn:aws:s3:::{world.bucket}")
    lab.maker(world.account).client("iam").put_role_policy(
        RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(statement))
    )
    return data(world)


def elsewhere(lab, world):
    """Put the bucket into an account of its own."""
    there = lab.add_account(f"{world.bucket.rpartition('-')[0]}-there")
    delegate_reading(lab, there)
    bucket(lab, there, world.bucket, {"k": b"x"})
    s3 = world.client("s3", world.role)
    world.call = lambda: s3.get_object(Bucket=world.bucket, Key="k")
    world.readers, world.owner = (world.owner, lab.admin(there)), lab.admin(there)
    arn = f"arn:aws:s3:::{world.bucket}/k"
    world.given = Given(principal=world.role, action="s3:GetObject", resource=arn, context={"aws:SourceIp": "203.0.113.9"})
    return lab.maker(there).client("s3")


def resource_statement(lab):
    """A bucket of another account that lets nobody in."""
    world = base(lab, "w-resource", allow("Reads", "s3:GetObject", "*"))
    elsewhere(lab, world)
    return world


def endpoint_statement(lab):
    world = base(lab, "w-endpoint")
    statement = allow("Reads", "s3:GetObject", f"arn:aws:s3:::{world.bucket}/*")
    lab.maker(world.account).client("iam").put_role_policy(
        RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(statement))
    )
    data(world)
    ec2 = lab.maker(world.account).client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    only = document(allow("Other", "s3:ListBucket", "*", Principal="*"))
    asked = {"VpcId": vpc, "ServiceName": "com.amazonaws.eu-west-1.s3", "PolicyDocument": json.dumps(only)}
    endpoint = ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"]
    s3 = world.client("s3", world.role, endpoint=endpoint)
    world.call = lambda: s3.get_object(Bucket=world.bucket, Key="k")
    context = {"aws:SourceVpce": endpoint, "aws:SourceVpc": vpc, "aws:VpcSourceIp": "10.0.1.17", "aws:RequestedRegion": "eu-west-1"}
    world.given = Given(principal=world.role, action="s3:GetObject", resource=f"arn:aws:s3:::{world.bucket}/k", context=context)
    return world


def owner_proposal(lab):
    """A service control policy denies it: the management account's administrator puts the exception in."""
    world = World(lab, "w-owner", unit="Guarded")
    world.role = role(lab, world.account, "App", {"Base": document(allow("Reads", "s3:*", "*"))})
    data(world)
    organizations = lab.maker("management").client("organizations")
    content = json.dumps(document({"Sid": "NoReads", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}))
    made = organizations.create_policy(Name="NoReads", Description="x", Type="SERVICE_CONTROL_POLICY", Content=content)
    unit = organizations.list_parents(ChildId=world.account)["Parents"][0]["Id"]
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=unit)
    world.readers = (world.owner, lab.admin("management"))
    world.owner = lab.admin("management")
    return world


def may_know(lab):
    """A missing object answers 403 to whoever may not list the bucket."""
    world = base(lab, "w-know")
    statement = allow("Reads", "s3:GetObject", f"arn:aws:s3:::{world.bucket}/*")
    lab.maker(world.account).client("iam").put_role_policy(
        RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(statement))
    )
    data(world)
    s3 = world.client("s3", world.role)

    def call():
        try:
            s3.get_object(Bucket=world.bucket, Key="gone")
        except s3.exceptions.NoSuchKey:
            return

    world.call = call
    world.text = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"  # as AWS puts it
    arn = f"arn:aws:s3:::{world.bucket}/gone"
    world.given = Given(principal=world.role, action="s3:GetObject", resource=arn, context={"aws:SourceIp": "203.0.113.9"})
    return world


def public_access(lab):
    """A bucket that is open to everybody, and a setting that lets in its own account alone."""
    world = base(lab, "w-public", allow("Reads", "s3:GetObject", "*"))
    maker = elsewhere(lab, world)
    policy = document(allow("All", "s3:GetObject", f"arn:aws:s3:::{world.bucket}/*", Principal="*"))
    maker.put_bucket_policy(Bucket=world.bucket, Policy=json.dumps(policy))
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True}
    maker.put_public_access_block(Bucket=world.bucket, PublicAccessBlockConfiguration=block)
    return world


CARRIED_OUT = (
    identity_statement, same_things, corrected_statement, resource_statement, endpoint_statement, owner_proposal, may_know, public_access,
)  # fmt: skip


def refused(world):
    with pytest.raises(ClientError) as caught:
        world.call()
    return str(caught.value)


def test_the_worlds_are_those_of_the_strategies_that_are_carried_out():
    assert {seed.__name__ for seed in CARRIED_OUT} == walks.CARRIED_OUT


@pytest.mark.parametrize("seed", CARRIED_OUT, ids=lambda seed: seed.__name__)
def test_denied_applied_allowed_rolled_back_and_denied_again(seed, lab, tmp_path):
    world = seed(lab)
    text = refused(world)
    walked = pipeline.walk(getattr(world, "text", text), world.readers, given=world.given)
    pairs = zip(walked.fixes, walked.proven, strict=True)
    found = [p for f, p in pairs if f.strategy == seed.__name__ and f.applicability != "has_placeholders"]
    said = [(f.strategy, f.title) for f in walked.fixes]
    assert found, f"{walked.explanation.cause.code}: {said} {walked.explanation.verdict}"
    request = walked.case.requests[0]
    holders = {evidence.holder_of_policy(r.action, r.resource): r.resource_account for r in walked.case.requests}
    store = Store(tmp_path)
    way = Way(
        request=request,
        organization=True,
        wait=lambda _: None,
        readers=tuple(one for one in world.readers if one is not world.owner),
        scenario=pipeline.scenario_of(walked),
        accounts={arn: account for arn, account in holders.items() if arn and account},
    )
    done = change.carry_out(found[0], world.owner, store, way)
    assert done.record.state == "in_force"
    assert done.verification.verified != "denied", done.verification
    world.call()
    undone = change.roll_back(store, world.owner, way=way)
    assert undone.record.state == "rolled_back"
    assert undone.verification.back is True, undone.verification
    refused(world)


def test_a_fix_that_is_another_call_is_let_through_as_it_says_and_refused_as_before(lab):
    from undeny.lab.worlds import b_condition_failed, c_region_lock

    for module in (b_condition_failed, c_region_lock):
        story = module.seed(lab)
        with pytest.raises(ClientError) as caught:
            story.call()
        sent = {"s3:x-amz-server-side-encryption": "AES256", "aws:SourceIp": "203.0.113.9"} if module is b_condition_failed else {}
        given = Given(principal=story.principal, resource=story.resource, context=sent | {"aws:RequestedRegion": story.region})
        walked = pipeline.walk(str(caught.value), _sessions(lab, story), given=given)
        assert walked.fixes[0].strategy == "changed_call"
        story.mended()
        with pytest.raises(ClientError):
            story.call()


def test_the_other_side_of_a_change_across_accounts_is_read_back(lab, tmp_path):
    from undeny.lab.worlds import d_two_owners

    story = d_two_owners.seed(lab)
    here, there = (lab.admin(account) for account in story.owners)
    with pytest.raises(ClientError) as caught:
        story.call()
    given = Given(principal=story.principal, resource=story.resource, context={"aws:SourceIp": "203.0.113.9"})
    walked = pipeline.walk(str(caught.value), (here, there), given=given)
    holders = {evidence.holder_of_policy(r.action, r.resource): r.resource_account for r in walked.case.requests}
    accounts = {arn: account for arn, account in holders.items() if arn and account}
    way = Way(request=walked.case.requests[0], wait=lambda _: None, accounts=accounts)
    store = Store(tmp_path)
    first = change.carry_out(walked.proven[0], here, store, msgspec.structs.replace(way, readers=(there,)))
    assert [one.state for one in first.others] == ["open"]
    assert first.verification.verified == "not_checked"
    second = change.carry_out(walked.proven[0], there, store, msgspec.structs.replace(way, readers=(here,)))
    assert [one.state for one in second.others] == ["stands"]
    assert second.verification.verified == "allowed"
    story.call()
    nobody = change.roll_back(store, there, way=way)
    assert nobody.verification.verified in ("denied", "unknown")


def _sessions(lab, story):
    return tuple(lab.admin(account) for account in story.readers)
