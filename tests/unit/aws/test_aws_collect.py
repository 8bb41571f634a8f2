import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from undeny import catalog, dropins
from undeny.aws import collect
from undeny.aws.reader import Reader
from undeny.calls.model import Request
from undeny.evidence import complete
from undeny.evidence.model import Gap, Policy

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-0abc1234def567890"
CALLED_WRITE = {"sts:DecodeAuthorizationMessage"}  # AWS lists it as Write; it decodes a text
PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"


def request(action="s3:GetObject", resource="arn:aws:s3:::data/k", principal=SESSION, **more):
    given = {"principal": principal, "action": action, "resource": resource, "context": {"aws:SourceIp": "203.0.113.9"}}
    return Request(**(given | more))


def refuse(monkeypatch, *operations):
    """Let AWS refuse some operations, as it does for a reader without the permission."""
    import botocore.client

    call = botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation in operations:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, operation)
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)


@pytest.fixture
def role(aws, allow, trust):
    iam = aws.client("iam")
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName="App", PolicyName="inline", PolicyDocument=allow("s3:GetObject"))
    return aws


@pytest.fixture
def bucket(role):
    role.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    return role


def test_a_roles_inline_and_attached_policies_and_its_boundary_are_read(role, allow):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="managed", PolicyDocument=allow("sqs:*"))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    boundary = iam.create_policy(PolicyName="limit", PolicyDocument=allow("*"))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="App", PermissionsBoundary=boundary)
    held = collect.collect(role, [request()]).policies
    assert [(policy.name, policy.inline) for policy in held.identity] == [("inline", True), ("managed", False)]
    assert [policy.arn for policy in held.boundary] == [boundary]
    assert held.session is None


def test_a_documents_text_is_kept_byte_for_byte(role):
    text = '{"Version":"2012-10-17",\n\n\t"Statement":{"Effect":"Allow",   "Action":"*","Resource":"*"}}'
    role.client("iam").put_role_policy(RoleName="App", PolicyName="inline", PolicyDocument=text)
    policy = collect.collect(role, [request()], clock=lambda: datetime(2026, 11, 20, tzinfo=UTC)).policies.identity[0]
    assert policy.document.text == text
    assert policy.read_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert ACCOUNT in policy.source


def test_the_callers_own_session_still_decodes_documents(role):
    collect.collect(role, [request()])
    assert isinstance(role.client("iam").get_role(RoleName="App")["Role"]["AssumeRolePolicyDocument"], dict)


def test_the_default_version_of_a_managed_policy_is_read(role, allow):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="managed", PolicyDocument=allow("sqs:*"))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("sns:*"), SetAsDefault=False)
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    managed = collect.collect(role, [request()]).policies.identity[1]
    assert managed.document.statements[0].action == ("sqs:*",)


def test_a_user_has_its_groups_policies_too(aws, allow):
    iam = aws.client("iam")
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "x"}])
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="own", PolicyDocument=allow("s3:*"))
    iam.put_group_policy(GroupName="devs", PolicyName="theirs", PolicyDocument=allow("sqs:*"))
    alice = f"arn:aws:iam::{ACCOUNT}:user/alice"
    one = request(principal=alice)
    evidence = collect.collect(aws, [one])
    assert [(p.name, p.attached_to.rpartition(":")[2]) for p in evidence.policies.identity] == [
        ("own", "user/alice"),
        ("theirs", "group/devs"),
    ]
    assert complete(one, evidence).context["aws:PrincipalTag/team"] == "x"


def test_more_policies_than_a_page_are_all_read(role, allow):
    iam = role.client("iam")
    for number in range(130):
        iam.put_role_policy(RoleName="App", PolicyName=f"p{number:03}", PolicyDocument=allow("s3:GetObject"))
    assert len(collect.collect(role, [request()]).policies.identity) == 131


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("ListRolePolicies", "iam:ListRolePolicies"),
        ("GetRolePolicy", "iam:GetRolePolicy"),
        ("ListAttachedRolePolicies", "iam:ListAttachedRolePolicies"),
    ],
)
def test_a_refused_read_leaves_the_layer_a_gap_that_names_the_permission(role, monkeypatch, operation, permission):
    refuse(monkeypatch, operation)
    evidence = collect.collect(role, [request()])
    assert evidence.policies.identity.permission == permission
    assert evidence.policies.identity in evidence.gaps


def test_a_refused_boundary_is_a_gap_and_leaves_the_policies(role, monkeypatch):
    refuse(monkeypatch, "GetRole")
    held = collect.collect(role, [request()]).policies
    assert held.boundary.permission == "iam:GetRole"
    assert [policy.name for policy in held.identity] == ["inline"]


def test_a_bucket_is_read_with_its_gates_and_its_account(bucket):
    s3 = bucket.client("s3")
    text = json.dumps({"Version": "2012-10-17", "Statement": []})
    s3.put_bucket_policy(Bucket="data", Policy=text)
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=block)
    s3.put_bucket_ownership_controls(Bucket="data", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    bucket.client("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=block)
    evidence = collect.collect(bucket, [request()])
    assert evidence.policies.resource.document.text == text
    thing = evidence.resources["arn:aws:s3:::data"]
    assert thing.exists is True
    assert thing.settings["PublicAccessBlockConfiguration"] == block
    assert thing.settings["ObjectOwnership"] == "BucketOwnerEnforced"
    assert "Grants" not in thing.settings
    assert thing.settings["LocationConstraint"] == REGION
    assert evidence.resources[f"arn:aws:iam::{ACCOUNT}:root"].settings["PublicAccessBlockConfiguration"] == block
    assert complete(request(), evidence).resource_account == ACCOUNT


def test_a_bucket_without_a_policy_has_none_and_a_missing_one_does_not_exist(bucket):
    assert collect.collect(bucket, [request()]).policies.resource is None
    gone = collect.collect(bucket, [request(resource="arn:aws:s3:::gone/k")])
    assert gone.resources["arn:aws:s3:::gone"].exists is False
    assert gone.gaps == ()


def test_a_refused_bucket_policy_is_a_gap(bucket, monkeypatch):
    refuse(monkeypatch, "GetBucketPolicy")
    assert collect.collect(bucket, [request()]).policies.resource.permission == "s3:GetBucketPolicy"


@pytest.mark.parametrize("named", ["arn", "id", "alias"])
def test_the_key_behind_a_bucket_is_read_however_it_is_named(bucket, named):
    kms = bucket.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
    kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=ROLE, Operations=["Decrypt"])
    spelled = {"arn": key["Arn"], "id": key["KeyId"], "alias": "alias/mine"}[named]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": spelled}}
    bucket.client("s3").put_bucket_encryption(Bucket="data", ServerSideEncryptionConfiguration={"Rules": [rule]})
    thing = collect.collect(bucket, [request()]).resources[key["Arn"]]
    assert isinstance(thing.policy, Policy)
    assert (thing.settings["KeyState"], thing.settings["KeyManager"]) == ("Enabled", "CUSTOMER")
    assert thing.settings["Grants"][0]["Operations"] == ["Decrypt"]


def test_a_queue_a_topic_a_secret_a_table_and_a_repository_are_read(role):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
    url = role.client("sqs").create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    topic = role.client("sns").create_topic(Name="t")["TopicArn"]
    secret = role.client("secretsmanager").create_secret(Name="s", SecretString="x")["ARN"]
    role.client("secretsmanager").put_resource_policy(SecretId=secret, ResourcePolicy=policy)
    table = role.client("dynamodb").create_table(
        TableName="tab",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    role.client("dynamodb").put_resource_policy(ResourceArn=table, Policy=policy)
    repository = role.client("ecr").create_repository(repositoryName="team/repo")["repository"]["repositoryArn"]
    role.client("ecr").set_repository_policy(repositoryName="team/repo", policyText=policy)
    asked = {
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:q": "sqs:SendMessage",
        topic: "sns:Publish",
        secret: "secretsmanager:GetSecretValue",
        f"{table}/index/i": "dynamodb:Query",
        repository: "ecr:BatchGetImage",
    }
    for resource, action in asked.items():
        evidence = collect.collect(role, [request(action, resource, resource_account=ACCOUNT)])
        assert isinstance(evidence.policies.resource, Policy), resource
        assert evidence.policies.resource.document.statements, resource
        assert evidence.gaps == (), resource
    assert url


def test_an_event_bus_a_stream_a_file_system_and_a_rest_interface_are_read(role):
    statement = {"Sid": "s", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bus = role.client("events").create_event_bus(Name="b")["EventBusArn"]
    role.client("events").put_permission(EventBusName="b", StatementId="s", Action="events:PutEvents", Principal=ACCOUNT)
    role.client("kinesis").create_stream(StreamName="st", ShardCount=1)
    stream = role.client("kinesis").describe_stream_summary(StreamName="st")["StreamDescriptionSummary"]["StreamARN"]
    role.client("kinesis").put_resource_policy(ResourceARN=stream, Policy=policy)
    files = role.client("efs").create_file_system(CreationToken="t")
    role.client("efs").put_file_system_policy(FileSystemId=files["FileSystemId"], Policy=policy)
    interface = role.client("apigateway").create_rest_api(name="i", policy=policy)["id"]
    asked = {
        bus: "events:PutEvents",
        f"{stream}/consumer/c:1": "kinesis:SubscribeToShard",
        files["FileSystemArn"]: "elasticfilesystem:ClientMount",
        f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{interface}/prod/GET/x": "execute-api:Invoke",
    }
    for resource, action in asked.items():
        evidence = collect.collect(role, [request(action, resource, resource_account=ACCOUNT)])
        assert isinstance(evidence.policies.resource, Policy), resource
        assert evidence.policies.resource.document.statements[0].sid == "s", resource


def test_a_stream_a_bus_and_a_file_system_that_have_no_policy_or_are_not_there(role):
    role.client("kinesis").create_stream(StreamName="st", ShardCount=1)
    stream = role.client("kinesis").describe_stream_summary(StreamName="st")["StreamDescriptionSummary"]["StreamARN"]
    assert collect.collect(role, [request("kinesis:PutRecord", stream, resource_account=ACCOUNT)]).policies.resource is None
    for resource, action in (
        (f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/gone", "events:PutEvents"),
        (f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/gone", "kinesis:PutRecord"),
        (f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-00000000000000000", "elasticfilesystem:ClientMount"),
    ):
        assert collect.collect(role, [request(action, resource, resource_account=ACCOUNT)]).resources[resource].exists is False, resource


def test_the_escaped_policy_of_a_rest_interface_is_read_as_the_policy(role):
    from undeny.aws.collect import executeapi

    text = '{"Version":"2012-10-17","Statement":[]}'
    assert executeapi._unescaped(text.replace('"', '\\"')) == text
    assert executeapi._unescaped(text) == text


def test_a_functions_policy_is_read_with_its_role(role, trust):
    client = role.client("lambda")
    role.client("iam").create_role(
        RoleName="fn",
        AssumeRolePolicyDocument=trust.replace("AWS", "Service").replace(f"arn:aws:iam::{ACCOUNT}:root", "lambda.amazonaws.com"),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("f.py", "")
    code = {"ZipFile": packed.getvalue()}
    made = client.create_function(FunctionName="f", Role=f"arn:aws:iam::{ACCOUNT}:role/fn", Code=code, Runtime="python3.13", Handler="f.f")
    asked = request("lambda:InvokeFunction", made["FunctionArn"], resource_account=ACCOUNT)
    bare = collect.collect(role, [asked])
    assert bare.policies.resource is None
    assert bare.resources[made["FunctionArn"]].settings["Role"].endswith(":role/fn")
    client.add_permission(FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    assert collect.collect(role, [asked]).policies.resource.document.statements[0].sid == "s"


def test_an_access_point_is_read_with_the_bucket_behind_it(bucket):
    control = bucket.client("s3control")
    control.create_access_point(AccountId=ACCOUNT, Name="point", Bucket="data")
    text = json.dumps({"Version": "2012-10-17", "Statement": []})
    control.put_access_point_policy(AccountId=ACCOUNT, Name="point", Policy=text)
    point = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/point"
    evidence = collect.collect(bucket, [request(resource=f"{point}/object/k", resource_account=ACCOUNT)])
    assert evidence.policies.resource.document.text == text
    assert evidence.resources[point].settings["Bucket"] == "data"
    assert evidence.resources["arn:aws:s3:::data"].exists is True


def test_what_new_volumes_are_encrypted_with_is_read_where_volumes_are_made(role, monkeypatch):
    import botocore.client

    call = botocore.client.BaseClient._make_api_call
    key = role.client("kms").create_key()["KeyMetadata"]["Arn"]
    role.client("ec2").enable_ebs_encryption_by_default()

    def answer(self, operation, parameters):
        return {"KmsKeyId": key} if operation == "GetEbsDefaultKmsKeyId" else call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    made = request("ec2:CreateVolume", f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/*", resource_account=ACCOUNT)
    evidence = collect.collect(role, [made])
    settings = evidence.resources[f"arn:aws:iam::{ACCOUNT}:root"].settings
    assert settings["EbsEncryptionByDefault"] is True
    assert settings["EbsDefaultKmsKeyId"] == key
    assert isinstance(evidence.resources[key].policy, Policy)
    assert evidence.policies.resource is None


def test_a_queue_that_is_not_there_does_not_exist(role):
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone"
    evidence = collect.collect(role, [request("sqs:SendMessage", arn, resource_account=ACCOUNT)])
    assert evidence.resources[arn].exists is False


def test_an_assumed_roles_trust_policy_is_the_resource_policy(role, trust):
    held = collect.collect(role, [request("sts:AssumeRole", ROLE, resource_account=ACCOUNT)]).policies
    assert held.resource.document.text == trust
    passed = collect.collect(role, [request("iam:PassRole", ROLE, resource_account=ACCOUNT)])
    assert passed.policies.resource is None
    assert isinstance(passed.resources[ROLE].policy, Policy)


def test_an_endpoints_policy_is_read_from_the_id_in_the_context(bucket):
    ec2 = bucket.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    text = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}'
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", PolicyDocument=text)
    name = made["VpcEndpoint"]["VpcEndpointId"]
    evidence = collect.collect(bucket, [request(context={"aws:SourceVpce": name, "aws:RequestedRegion": REGION})])
    assert evidence.policies.endpoint[0].document.text == text
    thing = next(thing for arn, thing in evidence.resources.items() if arn.endswith(name))
    assert thing.settings["VpcEndpointType"] == "Gateway"


def test_without_a_word_on_the_network_the_endpoint_is_a_gap(bucket):
    assert isinstance(collect.collect(bucket, [request(context={})]).policies.endpoint, Gap)


def test_the_levels_of_an_organisation_run_from_the_root_down(bucket, allow):
    organizations = bucket.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name="Workloads")["OrganizationalUnit"]["Id"]
    member = organizations.create_account(AccountName="m", Email="m@example.com")["CreateAccountStatus"]["AccountId"]
    organizations.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    made = organizations.create_policy(Name="lock", Description="d", Type="SERVICE_CONTROL_POLICY", Content=allow("s3:*"))
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=unit)
    held = collect.collect(bucket, [request(principal=f"arn:aws:iam::{member}:role/X", resource_account=member)])
    assert [(level.target, level.name) for level in held.policies.scp] == [(root, None), (unit, "Workloads"), (member, None)]
    assert [policy.name for policy in held.policies.scp[1].policies] == ["FullAWSAccess", "lock"]
    assert isinstance(held.policies.identity, Gap)
    assert [level.target for level in held.policies.rcp] == [root, unit, member]


def test_an_account_in_no_organisation_has_no_control_policies(bucket):
    held = collect.collect(bucket, [request(resource_account=ACCOUNT)]).policies
    assert (held.scp, held.rcp) == ((), ())


def test_that_the_readers_account_is_in_no_organisation_says_nothing_of_another(bucket):
    held = collect.collect(bucket, [request(principal="arn:aws:iam::444455556666:role/App", resource_account=ACCOUNT)]).policies
    assert isinstance(held.scp, Gap)
    assert held.rcp == ()


def test_the_management_account_is_named(bucket):
    bucket.client("organizations").create_organization(FeatureSet="ALL")
    evidence = collect.collect(bucket, [request()])
    assert evidence.resources[f"arn:aws:iam::{ACCOUNT}:root"].settings["MasterAccountId"] == ACCOUNT
    assert complete(request(), evidence).context["aws:PrincipalOrgID"].startswith("o-")


def test_a_role_of_the_same_name_in_the_readers_account_is_not_evidence_for_another_accounts(role):
    evidence = collect.collect(role, [request(principal="arn:aws:sts::444455556666:assumed-role/App/s", resource_account="444455556666")])
    assert isinstance(evidence.policies.identity, Gap)
    assert "444455556666" in evidence.policies.identity.why
    assert ACCOUNT in evidence.policies.identity.why
    assert ROLE not in evidence.resources


def test_a_thing_of_another_account_is_not_read_from_here(role):
    arn = f"arn:aws:sqs:{REGION}:444455556666:q"
    role.client("sqs").create_queue(QueueName="q")
    evidence = collect.collect(role, [request("sqs:SendMessage", arn, resource_account="444455556666")])
    assert isinstance(evidence.policies.resource, Gap)
    assert "444455556666" in evidence.policies.resource.why


def test_a_service_that_calls_has_no_side_of_its_own(bucket):
    held = collect.collect(bucket, [request(principal="cloudtrail.amazonaws.com", context={})]).policies
    assert (held.identity, held.boundary, held.session, held.endpoint, held.scp) == (None, None, None, None, ())


def test_a_role_that_is_not_there_now_is_a_gap_and_said(aws):
    evidence = collect.collect(aws, [request(resource="*", action="s3:ListAllMyBuckets")])
    assert "no such role" in evidence.policies.identity.why
    assert evidence.resources[ROLE].exists is False


def test_what_was_written_within_the_day_before_the_denial_is_a_change(role):
    now = datetime.now(UTC)
    assert [(c.event, c.on) for c in collect.collect(role, [request()], now=now).changed_lately] == [("CreateRole", ROLE)]
    later = now.replace(year=now.year + 1)
    assert collect.collect(role, [request()], now=later).changed_lately == ()


def test_each_thing_is_asked_for_once(bucket):
    reader = Reader(bucket)
    collect.collect_with(reader, [request()])
    assert reader.calls.count("iam:GetRole") == 1
    assert reader.calls.count("s3:GetBucketLocation") == 1


def test_the_plan_names_every_read_that_is_then_made(bucket):
    reader = Reader(bucket)
    collect.collect_with(reader, [request()], now=NOW)
    assert set(reader.calls) <= {read.action for read in collect.plan([request()])}


def test_every_action_that_a_service_file_uses_is_in_its_permissions_and_in_the_catalogue():
    for name in dropins.names("undeny.aws.collect"):
        module = dropins.load("undeny.aws.collect", name)
        source = Path(module.__file__).read_text("utf-8")
        for action, (why, url) in module.PERMISSIONS.items():
            assert catalog.action(action) is not None, action
            assert why
            assert url.startswith("https://docs.aws.amazon.com/")
        used = {part.split('"')[1] for part in source.split("action=")[1:] if part.startswith('"')}
        declared = {*module.PERMISSIONS, *getattr(module, "ACCOUNT_PERMISSIONS", {}), "organizations:ListTargetsForPolicy"}
        assert used <= declared, name


def test_reading_never_needs_more_than_to_read():
    for action in set(collect.permissions()) - CALLED_WRITE:
        assert set(catalog.action(action).access_levels) <= {"Read", "List"}, action


def test_the_reader_policy_allows_what_is_declared_and_no_more():
    policy = collect.reader_policy()
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert allowed == set(collect.permissions()) - {"sts:GetCallerIdentity"}
    assert all(statement["Effect"] == "Allow" for statement in policy["Statement"])
    assert len(json.dumps(policy, separators=(",", ":"))) < 6144


def test_the_reader_policy_of_a_plan_is_for_its_things_alone():
    policy = collect.reader_policy(collect.plan([request()]))
    held = {(action, statement["Resource"]) for statement in policy["Statement"] for action in statement["Action"]}
    assert ("s3:GetBucketPolicy", "arn:aws:s3:::data") in held
    assert ("iam:GetRole", ROLE) in held
    assert ("kms:GetKeyPolicy", "*") not in held
    assert len({statement["Sid"] for statement in policy["Statement"]}) == len(policy["Statement"])


def test_the_page_of_permissions_is_current():
    assert PAGE.read_text("utf-8") == collect.permissions_page(), "write it anew with undeny.aws.collect.permissions_page()"


def test_every_read_of_a_bucket_names_the_owner_that_it_must_have(bucket, monkeypatch):
    import botocore.client

    call, seen = botocore.client.BaseClient._make_api_call, []

    def note(self, operation, parameters):
        if "Bucket" in parameters:
            seen.append((operation, parameters.get("ExpectedBucketOwner")))
        return call(self, operation, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", note)
    collect.collect(bucket, [request()])
    assert ("GetBucketPolicy", ACCOUNT) in seen
    assert {owner for _, owner in seen} == {ACCOUNT}


NOW = datetime(2026, 11, 20, 18, 4, tzinfo=UTC)


def event(name, minutes, on, *, parameters=None, read_only="false"):
    told = {"userIdentity": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci-deploy/s"}, "requestParameters": parameters or {}}
    return {
        "EventName": name,
        "EventTime": NOW - timedelta(minutes=minutes),
        "Username": "s",
        "ReadOnly": read_only,
        "Resources": [{"ResourceName": one} for one in on],
        "CloudTrailEvent": json.dumps(told),
    }


def made(minutes=30, session="deploy", **parameters):
    given = {"roleArn": ROLE, "roleSessionName": session} | parameters
    return event("AssumeRole", minutes, [ROLE], parameters=given, read_only="true")


DEPLOY = f"arn:aws:sts::{ACCOUNT}:assumed-role/App/deploy"


def test_who_changed_caller_or_bucket_in_the_day_before_is_said(bucket, history):
    history += [
        event("PutRolePolicy", 12, ["App"], parameters={"roleName": "App", "policyName": "AppWritesLogs"}),
        event("PutBucketPolicy", 40, ["data"]),
        event("GetRole", 5, ["App"], read_only="true"),
        event("PutRolePolicy", 25 * 60, ["App"]),
        event("PutRolePolicy", 12, ["Other"]),
    ]
    found = collect.collect(bucket, [request()], now=NOW).changed_lately
    assert [(change.event, change.by, change.on) for change in found] == [
        ("PutBucketPolicy", "role ci-deploy", "data"),
        ("PutRolePolicy", "role ci-deploy", "AppWritesLogs of App"),
    ]


def test_a_change_of_a_managed_policy_of_the_caller_is_said(role, history, allow):
    client = role.client("iam")
    arn = client.create_policy(PolicyName="shared", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    client.attach_role_policy(RoleName="App", PolicyArn=arn)
    history += [event("CreatePolicyVersion", 20 * 60, [arn]), event("CreatePolicyVersion", 20, [arn.replace("shared", "other")])]
    found = collect.collect(role, [request()], now=NOW).changed_lately
    assert [(change.event, change.by, change.on) for change in found] == [("CreatePolicyVersion", "role ci-deploy", arn)]


def test_of_many_changes_the_newest_are_said(role, history):
    history += [event("PutRolePolicy", minutes, ["App"], parameters={"policyName": f"p{minutes}"}) for minutes in range(1, 41)]
    found = collect.collect(role, [request()], now=NOW).changed_lately
    assert [change.on for change in found] == [f"p{minutes} of App" for minutes in range(10, 0, -1)]


def test_without_the_time_of_the_denial_event_history_is_not_asked(bucket):
    reader = Reader(bucket)
    collect.collect_with(reader, [request()])
    assert "cloudtrail:LookupEvents" not in reader.calls


def test_a_session_policy_is_read_from_the_event_that_made_the_session(role, history, allow):
    history += [made(policy=allow("s3:ListBucket"), session="deploy"), made(policy=allow("*"), session="other")]
    (policy,) = collect.collect(role, [request(principal=DEPLOY)], now=NOW).policies.session
    assert policy.document.text == allow("s3:ListBucket")


def test_managed_session_policies_are_read_too(role, history, allow):
    arn = role.client("iam").create_policy(PolicyName="cut", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    history.append(made(policyArns=[{"arn": arn}]))
    assert [policy.arn for policy in collect.collect(role, [request(principal=DEPLOY)], now=NOW).policies.session] == [arn]


def test_a_session_made_without_a_policy_has_none(role, history):
    history.append(made())
    assert collect.collect(role, [request(principal=DEPLOY)], now=NOW).policies.session is None


def test_a_session_whose_making_nobody_saw_or_that_was_made_in_two_ways_is_a_gap(role, history, allow):
    assert isinstance(collect.collect(role, [request(principal=DEPLOY)], now=NOW).policies.session, Gap)
    history += [made(30), made(20, policy=allow("s3:*"))]
    assert isinstance(collect.collect(role, [request(principal=DEPLOY)], now=NOW).policies.session, Gap)


def test_by_whom_a_session_was_made_is_said_step_by_step(role, history):
    first = made(30)
    told = json.loads(first["CloudTrailEvent"])
    told |= {"eventName": "AssumeRole", "eventTime": "2026-11-24T11:30:00Z"}
    second = made(40, session="s", roleArn=f"arn:aws:iam::{ACCOUNT}:role/ci-deploy")
    second["Resources"] = [{"ResourceName": f"arn:aws:iam::{ACCOUNT}:role/ci-deploy"}]
    begun = json.loads(second["CloudTrailEvent"]) | {
        "eventName": "AssumeRoleWithWebIdentity",
        "userIdentity": {"type": "WebIdentityUser", "userName": "repo:octo/app:ref:refs/heads/main"},
    }
    history += [first | {"CloudTrailEvent": json.dumps(told)}, second | {"CloudTrailEvent": json.dumps(begun)}]
    assert collect.collect(role, [request(principal=DEPLOY)], now=NOW).assumed == (
        f"its session was made by arn:aws:sts::{ACCOUNT}:assumed-role/ci-deploy/s (AssumeRole at 11:30:00 UTC)",
        "its session was made by repo:octo/app:ref:refs/heads/main (AssumeRoleWithWebIdentity)",
    )


def test_a_refused_write_is_no_change_and_the_organisations_policies_are_looked_at_too(role, history):
    refused = event("PutRolePolicy", 12, ["App"])
    refused["CloudTrailEvent"] = json.dumps(json.loads(refused["CloudTrailEvent"]) | {"errorCode": "AccessDenied"})
    history += [refused, event("AttachPolicy", 30, ["organizations.amazonaws.com"])]
    found = collect.collect(role, [request(), request(resource=f"arn:aws:iam::{ACCOUNT}:user/")], now=NOW).changed_lately
    assert [(change.event, change.on) for change in found] == [("AttachPolicy", "the organisation")]
