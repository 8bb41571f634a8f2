import json

import pytest

from undeny.aws import write
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, PolicyEdit, SettingEdit

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
AFTER = {"Version": "2012-10-17", "Statement": [{"Sid": "New", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
OPEN = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "*", "Resource": "*"}],
}
OLD = '{"Version":"2012-10-17",\n "Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}'


@pytest.fixture
def role(aws, trust):
    aws.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    return aws


def edit(layer="identity", target=ROLE, policy="p", after=AFTER, before=None):
    return PolicyEdit(layer=layer, target=target, policy=policy, before=before, after=after)


def put_and_undo(session, change):
    """Carry an edit out and back; gives what stood before, in between and after."""
    before = write.current(session, change)
    for call in write.planned(change, before):
        write.send(session, call)
    between = write.current(session, change)
    now = write.current(session, change)
    for call in write.undo(before, now, write.own_versions(session, before, now, now.text)):
        write.send(session, call)
    return before.text, json.loads(between.text) if between.text else None, write.current(session, change).text


@pytest.mark.parametrize(("kind", "name"), [("role", "App"), ("user", "alice")])
def test_an_inline_policy_is_written_and_put_back_byte_for_byte(role, kind, name):
    iam = role.client("iam")
    iam.create_user(UserName="alice")
    getattr(iam, f"put_{kind}_policy")(**{f"{kind.title()}Name": name, "PolicyName": "p", "PolicyDocument": OLD})
    assert put_and_undo(role, edit(target=f"arn:aws:iam::{ACCOUNT}:{kind}/{name}")) == (OLD, AFTER, OLD)


def test_an_inline_policy_that_was_not_there_is_deleted_again(role):
    assert put_and_undo(role, edit()) == (None, AFTER, None)
    assert role.client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []


def test_a_session_of_the_role_names_the_roles_policies(role):
    role.client("iam").put_role_policy(RoleName="App", PolicyName="p", PolicyDocument=OLD)
    assert write.current(role, edit(target=f"arn:aws:sts::{ACCOUNT}:assumed-role/App/s")).text == OLD


def test_a_policy_that_a_user_has_through_a_group_is_written_on_the_group(aws):
    iam = aws.client("iam")
    iam.create_user(UserName="alice")
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="alice")
    iam.put_group_policy(GroupName="devs", PolicyName="p", PolicyDocument=OLD)
    change = edit(target=f"arn:aws:iam::{ACCOUNT}:user/alice")
    assert put_and_undo(aws, change) == (OLD, AFTER, OLD)
    assert write.planned(change, write.current(aws, change))[0].action == "iam:PutGroupPolicy"


def test_a_managed_policy_gets_a_version_and_its_old_one_back(role):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    assert put_and_undo(role, edit()) == (OLD, AFTER, OLD)
    assert [one["VersionId"] for one in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v1"]


def test_a_managed_policy_with_five_versions_is_refused_with_the_one_to_delete(role):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=OLD, SetAsDefault=False)
    with pytest.raises(UndenyError) as caught:
        write.put(role, edit())
    assert caught.value.code == "too-many-versions"
    assert f"--policy-arn {arn} --version-id v2" in caught.value.help[0]


def test_who_else_has_a_managed_policy_is_said(role):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    iam.create_user(UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    assert set(write.current(role, edit()).shared) == {"role App", "user alice"}


def test_awss_own_policy_is_never_written(role, monkeypatch):
    iam = role.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="App", PolicyArn=arn)
    from undeny.aws import locate
    from undeny.aws.reader import Reader
    from undeny.evidence.model import Policy
    from undeny.iam import document

    owned = Policy(name="ReadOnlyAccess", document=document.read(OLD), arn="arn:aws:iam::aws:policy/ReadOnlyAccess", inline=False)
    with pytest.raises(UndenyError, match="AWS's own policy"):
        locate.managed(Reader(role), owned)


def test_a_trust_policy_is_written_and_put_back(role, trust):
    after = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    assert put_and_undo(role, edit("resource", ROLE, None, after)) == (trust, after, trust)


def test_a_bucket_policy_is_written_and_taken_away_again(aws):
    aws.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    change = edit("resource", "arn:aws:s3:::data", None, OPEN)
    assert put_and_undo(aws, change) == (None, OPEN, None)
    text = json.dumps(OPEN, indent=7)
    aws.client("s3").put_bucket_policy(Bucket="data", Policy=text)
    assert put_and_undo(aws, edit("resource", "arn:aws:s3:::data", None, OPEN | {"Id": "x"})) == (text, OPEN | {"Id": "x"}, text)


def test_a_key_policy_is_written_with_awss_lockout_check_on(aws):
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    change = edit("resource", key, None, OPEN)
    call = write.planned(change, write.current(aws, change))[0]
    assert call.parameters["BypassPolicyLockoutSafetyCheck"] is False
    before, between, after = put_and_undo(aws, change)
    assert (between, after) == (OPEN, before)


def test_a_key_that_aws_manages_is_never_written(aws, monkeypatch):
    import botocore.client

    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    call = botocore.client.BaseClient._make_api_call

    def aws_managed(self, operation, parameters):
        answer = call(self, operation, parameters)
        if operation == "DescribeKey":
            answer["KeyMetadata"]["KeyManager"] = "AWS"
        return answer

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", aws_managed)
    with pytest.raises(UndenyError, match="AWS manages"):
        write.current(aws, edit("resource", key, None, OPEN))


def test_the_policies_of_every_other_kind_of_thing_are_written_and_put_back(aws):
    aws.client("sqs").create_queue(QueueName="q")
    topic = aws.client("sns").create_topic(Name="t")["TopicArn"]
    secret = aws.client("secretsmanager").create_secret(Name="s", SecretString="x")["ARN"]
    table = aws.client("dynamodb").create_table(
        TableName="tab",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    repository = aws.client("ecr").create_repository(repositoryName="team/repo")["repository"]["repositoryArn"]
    aws.client("kinesis").create_stream(StreamName="st", ShardCount=1)
    stream = aws.client("kinesis").describe_stream_summary(StreamName="st")["StreamDescriptionSummary"]["StreamARN"]
    files = aws.client("efs").create_file_system(CreationToken="t")["FileSystemArn"]
    old = json.dumps(OPEN | {"Id": "old"})
    aws.client("efs").put_file_system_policy(FileSystemId=files.rpartition("/")[2], Policy=old)  # the mocked AWS cannot delete one
    named = {"Version": "2012-10-17", "Statement": [OPEN["Statement"][0] | {"Sid": "s"}]}
    bus = aws.client("events").create_event_bus(Name="b")["EventBusArn"]
    for target in (f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", topic, secret, table, repository, stream, files, bus):
        before, between, after = put_and_undo(aws, edit("resource", target, None, named))
        assert between == named, target
        assert after == before, target


def test_an_endpoint_policy_is_written_and_put_back(aws):
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    text = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}'
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", PolicyDocument=text)
    name = made["VpcEndpoint"]["VpcEndpointId"]
    target = f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-endpoint/{name}"
    after = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    assert put_and_undo(aws, edit("endpoint", target, name, after)) == (text, after, text)


def test_a_lambda_policy_is_written_whole(aws):
    from undeny.aws.targets import Place, delete_calls, write_calls

    place = Place(kind="function", title="policy of function f", names={"ResourceArn": "arn"}, region=REGION)
    assert [(call.action, dict(call.parameters)) for call in write_calls(place, "{}")] == [
        ("lambda:PutResourcePolicy", {"ResourceArn": "arn", "Policy": "{}"})
    ]
    assert delete_calls(place)[0].action == "lambda:DeleteResourcePolicy"


def test_a_control_policy_is_written_only_when_told(aws, allow):
    organizations = aws.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    made = organizations.create_policy(Name="lock", Description="d", Type="SERVICE_CONTROL_POLICY", Content=OLD)
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=root)
    change = edit("scp", root, "lock")
    with pytest.raises(UndenyError) as caught:
        write.put(aws, change)
    assert caught.value.code == "organization-policy"
    write.put(aws, change, organization=True)
    held = write.current(aws, change)
    assert json.loads(held.text) == AFTER
    assert held.shared == (root,)


def test_a_session_policy_cannot_be_written(role):
    with pytest.raises(UndenyError, match="fixed when the session is made"):
        write.current(role, edit("session"))


def test_a_target_of_another_account_is_refused(role):
    with pytest.raises(UndenyError) as caught:
        write.current(role, edit(target="arn:aws:iam::444455556666:role/App"))
    assert caught.value.code == "wrong-account"


def test_nothing_is_written_while_the_environment_says_read_only(role):
    with pytest.raises(UndenyError) as caught:
        write.put(role, edit(), environment={"UNDENY_READ_ONLY": "1"})
    assert caught.value.code == "read-only"
    assert role.client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []


def test_a_document_that_does_not_fit_loses_white_space_first_and_is_refused_then(aws):
    aws.client("s3").create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    held = write.current(aws, edit("resource", "arn:aws:s3:::data", None, OPEN))
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/x"}
    wide = {"Version": "2012-10-17", "Statement": [statement] * 180}
    assert "\n" not in write.fitting(wide, held)
    assert "\n" in write.fitting(OPEN, held)
    with pytest.raises(UndenyError) as caught:
        write.fitting({"Version": "2012-10-17", "Statement": [statement] * 300}, held)
    assert caught.value.code == "policy-size-limit"


def test_a_change_to_the_call_is_not_made_in_aws(aws):
    with pytest.raises(UndenyError, match="made by the caller"):
        write.current(aws, CallEdit(how="send the header"))


def test_a_setting_is_written_and_put_back(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
    after = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
    change = SettingEdit(target="arn:aws:s3:::data", operation="s3:PutBucketOwnershipControls", before=None, after=after)
    assert put_and_undo(aws, change)[1:] == (after, None)


@pytest.mark.parametrize("operation", ["kms:ScheduleKeyDeletion", "iam:DeleteRole", "s3:DeleteBucket"])
def test_a_setting_that_undeny_does_not_know_is_refused(aws, operation):
    with pytest.raises(UndenyError) as caught:
        write.current(aws, SettingEdit(target="arn:aws:s3:::data", operation=operation, before=None, after={}))
    assert caught.value.code == "not-writable"


def test_a_placeholder_is_never_written(aws):
    change = SettingEdit(
        target="arn:aws:s3:::data", operation="s3:PutPublicAccessBlock", before=None, after={"PublicAccessBlockConfiguration": "<x>"}
    )
    with pytest.raises(UndenyError) as caught:
        write.current(aws, change)
    assert caught.value.code == "has-placeholders"
