"""The lab over HTTP, service by service: who calls, what is asked, and AWS's words for no."""

import base64
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import ClientError

from undeny.lab import Lab, state
from undeny.lab.organization import trust


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def role(lab: Lab, name: str, *statements: dict[str, Any], account: str = "app", trusts: str | None = None) -> str:
    iam = lab.maker(account).client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(trusts or lab.admin_arn(account)))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="Own", PolicyDocument=document(*statements))
    return made


def error_of(call, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response


def told(call, **parameters: Any) -> tuple[str, str]:
    error = error_of(call, **parameters)["Error"]
    return error["Code"], error["Message"]


def test_the_lab_listens_on_the_loopback_interface_alone(lab: Lab):
    port = int(lab.endpoint_url.rpartition(":")[2])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        with socket.socket() as probe:
            assert probe.connect_ex((own, port)) != 0


def test_nobody_listens_any_more_after_the_lab_is_left():
    with Lab() as lab:
        port = int(lab.endpoint_url.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_every_lab_has_account_numbers_of_its_own(lab: Lab):
    with Lab() as other:
        assert not set(other.account.values()) & set(lab.account.values())


def test_the_definition_alone_loads_no_moto():
    code = "import sys, undeny.lab.definition; sys.exit(any(name in sys.modules for name in ('moto', 'boto3', 'botocore')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_lab_starts_with_less_than_five_seconds_of_work():
    code = "from undeny.lab import Lab\nwith Lab(): pass\nimport time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert float(done.stdout) < 5


def test_a_profile_of_the_users_own_that_does_not_exist_is_no_hindrance():
    code = "from undeny.lab import Lab\nwith Lab() as lab: lab.admin('app').client('ec2').describe_vpcs()"
    own = {"AWS_PROFILE": "nobody-has-this", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_lab_that_is_left_gives_back_what_it_held():
    with Lab() as lab:
        accounts = set(lab.account.values())
        assert accounts & set(state.all_accounts("iam"))
    assert not accounts & set(state.all_accounts("iam"))
    assert state.bucket(f"cloudtrail-{lab.account['management']}") is None


def test_a_key_that_nobody_has_is_refused_as_each_service_does(lab: Lab):
    session = lab.session(f"arn:aws:iam::{lab.account['app']}:root")
    wrong = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x"}
    assert told(session.client("sts", **wrong).get_caller_identity)[0] == "InvalidClientTokenId"
    assert told(session.client("s3", **wrong).list_buckets)[0] == "InvalidAccessKeyId"
    assert told(session.client("kms", **wrong).list_keys)[0] == "UnrecognizedClientException"
    assert told(session.client("ec2", **wrong).describe_instances)[0] == "AuthFailure"


def test_a_session_token_must_be_that_of_the_key(lab: Lab):
    arn = role(lab, "Tokens")
    session, made = lab.session(arn), lab.credentials(arn)
    stolen = {"aws_access_key_id": made.access_key, "aws_secret_access_key": made.secret_key, "aws_session_token": "another"}
    assert told(session.client("sts", **stolen).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_wrong_secret_is_found_out(lab: Lab):
    session, made = lab.session(lab.admin_arn("app")), lab.credentials(lab.admin_arn("app"))
    wrong = {"aws_access_key_id": made.access_key, "aws_secret_access_key": made.secret_key[:-1] + "~"}
    codes = {service: told(getattr(session.client(service, **wrong), call))[0] for service, call in SIMPLE.items()}
    assert codes == {
        "s3": "SignatureDoesNotMatch",
        "iam": "SignatureDoesNotMatch",
        "kms": "InvalidSignatureException",
        "ec2": "AuthFailure",
    }


SIMPLE = {"s3": "list_buckets", "iam": "list_roles", "kms": "list_keys", "ec2": "describe_vpcs"}


@pytest.mark.parametrize("key", ["plain", "with space/and+plus", "ü/日本/%2F", "a//b", "tilde~!*'()", "q?x=1&y=2"])
def test_signatures_hold_for_keys_that_need_encoding(lab: Lab, key: str):
    s3, name = lab.admin("app").client("s3"), f"encoded-{lab.account['app']}"
    if state.bucket(name) is None:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    s3.put_object(Bucket=name, Key=key, Body=b"x", Metadata={"my_note": "a  b"})
    assert s3.get_object(Bucket=name, Key=key)["Body"].read() == b"x"
    assert [one["Key"] for one in s3.list_objects_v2(Bucket=name, Prefix=key)["Contents"]] == [key]


def test_a_presigned_address_works_without_a_header_and_only_for_its_object(lab: Lab):
    s3, name = lab.admin("app").client("s3"), f"presigned-{lab.account['app']}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    signer = lab.admin("app").client("s3", config=Config(signature_version="s3v4"))
    address = signer.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "k"})
    assert urllib3.request("GET", address).data == b"x"
    assert b"SignatureDoesNotMatch" in urllib3.request("GET", address.replace("/k?", "/other?")).data


def test_a_clock_that_is_wrong_is_told_so(lab: Lab):
    session = lab.session(role(lab, "Late"))
    made = session.get_credentials().get_frozen_credentials()
    for service, body, wanted in (
        ("sts", b"Action=GetCallerIdentity&Version=2011-06-15", b"Signature expired: "),
        ("s3", b"", b"RequestTimeTooSkewed"),
    ):
        request = AWSRequest(method="POST" if body else "GET", url=lab.endpoint_url + "/", data=body or None)
        if body:
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        request.context["timestamp"] = "20261124T000000Z"
        SigV4Auth(made, service, lab.region).add_auth(request)
        late = re.sub(r"\d{8}T\d{6}Z", "20200101T000000Z", request.headers["X-Amz-Date"])
        request.headers.replace_header("X-Amz-Date", late)
        answer = urllib3.request(request.method, request.url, body=body, headers=dict(request.headers))
        assert wanted in answer.data


def test_sqs_says_the_action_in_lower_case(lab: Lab):
    sqs = lab.session(role(lab, "Queues")).client("sqs")
    code, message = told(sqs.create_queue, QueueName="q")
    assert code == "AccessDenied"
    assert message.endswith("because no identity-based policy allows the sqs:createqueue action")


def test_sns_has_a_code_and_a_prefix_of_its_own(lab: Lab):
    code, message = told(lab.session(role(lab, "Topics")).client("sns").create_topic, Name="t")
    assert code == "AuthorizationError"
    assert "is not authorized to perform: SNS:CreateTopic on resource: arn:aws:sns:" in message


def test_ec2_encodes_a_message_that_only_those_who_may_can_decode(lab: Lab):
    session = lab.session(role(lab, "Machines"))
    code, message = told(session.client("ec2").describe_instances)
    assert code == "UnauthorizedOperation"
    assert message.startswith("You are not authorized to perform this operation. User: arn:aws:sts::")
    blob = message.rpartition("Encoded authorization failure message: ")[2]
    assert told(session.client("sts").decode_authorization_message, EncodedMessage=blob)[0] == "AccessDenied"
    sts = lab.admin("app").client("sts")
    decoded = json.loads(sts.decode_authorization_message(EncodedMessage=blob)["DecodedMessage"])
    assert (decoded["allowed"], decoded["explicitDeny"]) == (False, False)
    assert decoded["context"]["action"] == "ec2:DescribeInstances"
    assert decoded["context"]["principal"]["arn"].endswith(":assumed-role/Machines/lab")
    assert told(sts.decode_authorization_message, EncodedMessage=blob[:-9])[0] == "InvalidAuthorizationMessageException"


def test_json_services_answer_400_and_query_services_403(lab: Lab):
    session = lab.session(role(lab, "Statuses"))
    assert error_of(session.client("kms").list_keys)["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error_of(session.client("iam").list_roles)["ResponseMetadata"]["HTTPStatusCode"] == 403
    lambda_error = error_of(session.client("lambda").list_functions)
    assert (lambda_error["Error"]["Code"], lambda_error["ResponseMetadata"]["HTTPStatusCode"]) == ("AccessDeniedException", 403)


def test_a_head_request_is_refused_without_a_word(lab: Lab):
    name = f"head-{lab.account['app']}"
    lab.maker("app").client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    code, message = told(lab.session(role(lab, "Heads")).client("s3").head_bucket, Bucket=name)
    assert (code, message) == ("403", "Forbidden")


def test_a_missing_object_is_denied_to_those_who_may_not_list(lab: Lab):
    name = f"missing-{lab.account['app']}"
    lab.maker("app").client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    reads = allow("s3:GetObject", f"arn:aws:s3:::{name}/*")
    s3 = lab.session(role(lab, "Blind", reads)).client("s3")
    assert "s3:ListBucket" in told(s3.get_object, Bucket=name, Key="none")[1]
    lists = allow("s3:ListBucket", f"arn:aws:s3:::{name}")
    s3 = lab.session(role(lab, "Seeing", reads, lists)).client("s3")
    assert told(s3.get_object, Bucket=name, Key="none")[0] == "NoSuchKey"


def test_an_explicit_deny_names_the_managed_policy_and_an_inline_one_has_no_arn(lab: Lab):
    arn = role(lab, "Denied", allow("s3:*"), deny("s3:ListAllMyBuckets"))
    s3 = lab.session(arn).client("s3")
    assert told(s3.list_buckets)[1].endswith("with an explicit deny in an identity-based policy")
    iam = lab.maker("app").client("iam")
    iam.put_role_policy(RoleName="Denied", PolicyName="Own", PolicyDocument=document(allow("s3:*")))
    policy = iam.create_policy(PolicyName="NoLists", PolicyDocument=document(deny("s3:ListAllMyBuckets")))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="Denied", PolicyArn=policy)
    assert told(s3.list_buckets)[1].endswith(f"with an explicit deny in an identity-based policy: {policy}")


def test_a_boundary_binds_roles_and_users(lab: Lab):
    iam = lab.maker("app").client("iam")
    limit = iam.create_policy(PolicyName="Limit", PolicyDocument=document(allow("iam:Get*")))["Policy"]["Arn"]
    arn = role(lab, "Bounded", allow("sqs:*"))
    iam.put_role_permissions_boundary(RoleName="Bounded", PermissionsBoundary=limit)
    assert told(lab.session(arn).client("sqs").list_queues)[1].endswith("because no permissions boundary allows the sqs:listqueues action")
    iam.create_user(UserName="bob", PermissionsBoundary=limit)
    iam.put_user_policy(UserName="bob", PolicyName="Own", PolicyDocument=document(allow("*")))
    bob = lab.session(f"arn:aws:iam::{lab.account['app']}:user/bob")
    assert "permissions boundary" in told(bob.client("sqs").list_queues)[1]
    assert bob.client("iam").get_user()["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == limit
    iam.delete_user_permissions_boundary(UserName="bob")
    assert "QueueUrls" not in bob.client("sqs").list_queues(QueueNamePrefix="nothing")


def test_policies_of_a_users_groups_count(lab: Lab):
    iam = lab.maker("app").client("iam")
    iam.create_user(UserName="carol")
    carol = lab.session(f"arn:aws:iam::{lab.account['app']}:user/carol")
    assert told(carol.client("kms").list_keys)[0] == "AccessDeniedException"
    iam.create_group(GroupName="Keys")
    iam.put_group_policy(GroupName="Keys", PolicyName="Lists", PolicyDocument=document(allow("kms:ListKeys")))
    iam.add_user_to_group(GroupName="Keys", UserName="carol")
    assert "Keys" in carol.client("kms").list_keys()


def test_a_session_policy_given_at_assume_role_cuts_the_session(lab: Lab):
    arn = role(lab, "Cut", allow("*"))
    sts = lab.admin("app").client("sts")
    given = sts.assume_role(RoleArn=arn, RoleSessionName="narrow", Policy=document(allow("sns:*")))
    made = given["Credentials"]
    assert given["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Cut/narrow")
    keys = {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }
    session = lab.session(arn)
    assert "because no session policy allows the sqs:listqueues action" in told(session.client("sqs", **keys).list_queues)[1]
    assert "Topics" in session.client("sns", **keys).list_topics()


def test_a_trust_policy_decides_and_sts_gives_no_reason(lab: Lab):
    iam = lab.maker("data").client("iam")
    statement = {"Effect": "Allow", "Principal": {"AWS": lab.account["app"]}, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"sts:ExternalId": "secret-handshake"}}
    target = iam.create_role(RoleName="Shared", AssumeRolePolicyDocument=document(statement | {"Condition": condition}))["Role"]["Arn"]
    caller = role(lab, "Assumes", allow("sts:AssumeRole", target))
    sts = lab.session(caller).client("sts")
    code, message = told(sts.assume_role, RoleArn=target, RoleSessionName="one")
    session = f"arn:aws:sts::{lab.account['app']}:assumed-role/Assumes/lab"
    assert (code, message) == ("AccessDenied", f"User: {session} is not authorized to perform: sts:AssumeRole on resource: {target}")
    assert sts.assume_role(RoleArn=target, RoleSessionName="two", ExternalId="secret-handshake")["Credentials"]["SessionToken"]
    nobody = f"arn:aws:iam::{lab.account['data']}:role/Nobody"
    assert told(sts.assume_role, RoleArn=nobody, RoleSessionName="one")[0] == "AccessDenied"


def test_root_may_not_assume_roles(lab: Lab):
    root = lab.session(f"arn:aws:iam::{lab.account['app']}:root").client("sts")
    arn = role(lab, "ForRoot", trusts=f"arn:aws:iam::{lab.account['app']}:root")
    assert told(root.assume_role, RoleArn=arn, RoleSessionName="one")[1] == "Roles may not be assumed by root accounts."


def token(**claims: str) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, claims)]
    return ".".join([*parts, "c2lnbmF0dXJl"])


def test_a_web_identity_token_is_held_against_the_trust_policy(lab: Lab):
    host, iam = "token.actions.githubusercontent.com", lab.maker("app").client("iam")
    provider = iam.create_open_id_connect_provider(Url=f"https://{host}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])
    who = {"Federated": provider["OpenIDConnectProviderArn"]}
    condition = {"StringLike": {f"{host}:sub": "repo:octo/app:*"}}
    statement = {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition}
    arn = iam.create_role(RoleName="Deploys", AssumeRolePolicyDocument=document(statement))["Role"]["Arn"]
    sts = lab.session(lab.admin_arn("app")).client("sts")
    right = token(iss=f"https://{host}", aud="sts.amazonaws.com", sub="repo:octo/app:ref:refs/heads/main")
    given = sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="ci", WebIdentityToken=right)
    assert given["AssumedRoleUser"]["Arn"].endswith("/Deploys/ci")
    wrong = token(iss=f"https://{host}", aud="sts.amazonaws.com", sub="repo:octo@1/app@2:ref:refs/heads/main")
    code, message = told(sts.assume_role_with_web_identity, RoleArn=arn, RoleSessionName="ci", WebIdentityToken=wrong)
    assert (code, message) == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    stranger = token(iss="https://example.com", aud="sts.amazonaws.com", sub="x")
    assert (
        told(sts.assume_role_with_web_identity, RoleArn=arn, RoleSessionName="ci", WebIdentityToken=stranger)[0] == "InvalidIdentityToken"
    )


def test_a_federated_user_without_a_session_policy_may_do_nothing(lab: Lab):
    session = lab.admin("app")
    for policy, allowed in (({}, False), ({"Policy": document(allow("sqs:*"))}, True)):
        made = session.client("sts").get_federation_token(Name="vault", **policy)["Credentials"]
        keys = {"aws_access_key_id": made["AccessKeyId"], "aws_secret_access_key": made["SecretAccessKey"]}
        sqs = session.client("sqs", aws_session_token=made["SessionToken"], **keys)
        if allowed:
            assert sqs.list_queues(QueueNamePrefix="nothing")["ResponseMetadata"]["HTTPStatusCode"] == 200
        else:
            assert "session policy" in told(sqs.list_queues)[1]


def test_a_key_hides_behind_its_ciphertext_from_strangers(lab: Lab):
    kms = lab.admin("app").client("kms")
    blob = kms.encrypt(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    code, message = told(lab.admin("outside").client("kms").decrypt, CiphertextBlob=blob)
    assert code == "AccessDeniedException"
    assert message.startswith("The ciphertext refers to a customer master key that does not exist")


def test_secrets_manager_says_one_sentence_for_all_that_the_key_denies(lab: Lab):
    admin = lab.admin("app")
    key = admin.client("kms").create_key()["KeyMetadata"]["Arn"]
    secret = admin.client("secretsmanager").create_secret(Name="db", SecretString="x", KmsKeyId=key)["ARN"]
    arn = role(lab, "Secrets", allow("secretsmanager:GetSecretValue", secret))
    manager = lab.session(arn).client("secretsmanager")
    assert told(manager.get_secret_value, SecretId="db") == ("AccessDeniedException", "Access to KMS is not allowed")
    lab.maker("app").client("iam").put_role_policy(RoleName="Secrets", PolicyName="Key", PolicyDocument=document(allow("kms:Decrypt", key)))
    assert manager.get_secret_value(SecretId="db")["SecretString"] == "x"


def test_the_key_behind_a_bucket_of_the_same_account_is_told_whole(lab: Lab):
    admin, name = lab.admin("app"), f"encrypted-{lab.account['app']}"
    key = admin.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3 = admin.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    writes = lab.session(role(lab, "Writes", allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{name}/*"))).client("s3")
    message = told(writes.put_object, Bucket=name, Key="j", Body=b"y")[1]
    assert f'kms:GenerateDataKey on resource: "{key}" because no identity-based policy allows' in message
    assert "kms:Decrypt" in told(writes.get_object, Bucket=name, Key="k")[1]


def test_aws_managed_keys_let_in_whom_s3_lets_in(lab: Lab):
    name = f"managed-{lab.account['app']}"
    s3 = lab.admin("app").client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    writes = lab.session(role(lab, "Plain", allow(["s3:PutObject", "s3:GetObject"], f"arn:aws:s3:::{name}/*"))).client("s3")
    writes.put_object(Bucket=name, Key="k", Body=b"x", ServerSideEncryption="aws:kms")
    assert writes.get_object(Bucket=name, Key="k")["Body"].read() == b"x"


def test_a_queue_lets_another_account_in_by_its_policy_where_both_sides_allow(lab: Lab):
    mine = lab.admin("app").client("sqs")
    url = mine.create_queue(QueueName="inbox")["QueueUrl"]
    theirs = lab.session(role(lab, "Sends", allow("sqs:SendMessage"), account="data")).client("sqs")
    assert "no resource-based policy allows the sqs:sendmessage action" in told(theirs.send_message, QueueUrl=url, MessageBody="x")[1]
    lets = {"Effect": "Allow", "Principal": {"AWS": lab.account["data"]}, "Action": "sqs:SendMessage", "Resource": "*"}
    mine.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(lets)})
    theirs.send_message(QueueUrl=url, MessageBody="x")
    assert mine.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "x"


def test_a_vpc_endpoint_policy_gates_what_comes_through_it(lab: Lab):
    ec2 = lab.admin("app").client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    policy = document({"Effect": "Allow", "Principal": "*", "Action": "sqs:ReceiveMessage", "Resource": "*"})
    service = f"com.amazonaws.{lab.region}.sqs"
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, PolicyDocument=policy, VpcEndpointType="Interface")["VpcEndpoint"]
    arn = role(lab, "Inside", allow("sqs:*"))
    inside = lab.session(arn, endpoint=made["VpcEndpointId"]).client("sqs")
    assert "because no VPC endpoint policy allows the sqs:createqueue action" in told(inside.create_queue, QueueName="no")[1]
    assert lab.session(arn).client("sqs").create_queue(QueueName="yes")
    event = next(event for event in reversed(lab.trail.events) if event.get("vpcEndpointId"))
    assert event["vpcEndpointId"] == made["VpcEndpointId"]


def test_a_resource_control_policy_binds_who_reaches_in(lab: Lab):
    account = lab.add_account("vault", unit="Vaults")
    organizations = lab.admin("management").client("organizations")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    }
    made = organizations.create_policy(Name="Closed", Description="x", Type="RESOURCE_CONTROL_POLICY", Content=document(statement))
    summary = made["Policy"]["PolicySummary"]
    s3 = lab.admin(account).client("s3")
    name = f"vault-{account}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    organizations.attach_policy(PolicyId=summary["Id"], TargetId=account)
    message = told(s3.list_objects_v2, Bucket=name)[1]
    assert message.endswith(f"with an explicit deny in a resource control policy: {summary['Arn']}")


def test_passing_a_role_is_asked_of_whoever_makes_a_function(lab: Lab):
    passed = role(lab, "Runs", trusts="lambda.amazonaws.com")
    arn = role(lab, "Makes", allow("lambda:*"))
    function = {
        "FunctionName": "f",
        "Runtime": "python3.12",
        "Handler": "x.y",
        "Role": passed,
        "Code": {"ZipFile": b"PK\x05\x06" + bytes(18)},
    }
    client = lab.session(arn).client("lambda")
    code, message = told(client.create_function, **function)
    assert code == "AccessDeniedException"
    assert f"iam:PassRole on resource: {passed}" in message
    condition = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    passes = document(allow("iam:PassRole", passed, Condition=condition))
    lab.maker("app").client("iam").put_role_policy(RoleName="Makes", PolicyName="Pass", PolicyDocument=passes)
    assert client.create_function(**function)["FunctionName"] == "f"


def test_putting_a_functions_whole_policy_overwrites_what_was_added(lab: Lab):
    client = lab.admin("app").client("lambda")
    passed = role(lab, "RunsToo", trusts="lambda.amazonaws.com")
    made = client.create_function(
        FunctionName="g", Runtime="python3.12", Handler="x.y", Role=passed, Code={"ZipFile": b"PK\x05\x06" + bytes(18)}
    )
    client.add_permission(FunctionName="g", StatementId="one", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    assert "one" in client.get_resource_policy(ResourceArn=made["FunctionArn"])["Policy"]
    client.put_resource_policy(
        ResourceArn=made["FunctionArn"], Policy=document(deny("lambda:GetFunctionConfiguration", made["FunctionArn"], Principal="*"))
    )
    assert "one" not in client.get_resource_policy(ResourceArn=made["FunctionArn"])["Policy"]
    assert "with an explicit deny in a resource-based policy" in told(client.get_function_configuration, FunctionName="g")[1]


def test_a_member_account_is_turned_away_by_organizations(lab: Lab):
    said = "You don't have permissions to access this resource."
    assert told(lab.admin("app").client("organizations").list_accounts) == ("AccessDeniedException", said)


def test_iam_names_what_exists_by_its_name_and_what_is_to_be_made_by_its_arn(lab: Lab):
    iam = lab.session(role(lab, "Namer")).client("iam")
    account = lab.account["app"]
    assert "iam:GetRole on resource: role Namer because" in told(iam.get_role, RoleName="Namer")[1]
    made = told(iam.create_role, RoleName="New", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))[1]
    assert f"iam:CreateRole on resource: arn:aws:iam::{account}:role/New because" in made


def test_lookup_events_takes_one_attribute_and_gives_fifty_a_page(lab: Lab):
    admin = lab.admin("app")
    kms = admin.client("kms")
    for _ in range(60):
        kms.list_keys()
    trail = admin.client("cloudtrail")
    named = {"AttributeKey": "EventName", "AttributeValue": "ListKeys"}
    page = trail.lookup_events(LookupAttributes=[named])
    assert len(page["Events"]) == 50
    more = trail.lookup_events(LookupAttributes=[named], NextToken=page["NextToken"])
    assert len(more["Events"]) >= 10
    assert not {event["EventId"] for event in page["Events"]} & {event["EventId"] for event in more["Events"]}
    two = [named, {"AttributeKey": "Username", "AttributeValue": "admin"}]
    assert told(trail.lookup_events, LookupAttributes=two)[0] == "InvalidLookupAttributesException"


def test_events_of_global_services_are_in_us_east_1(lab: Lab):
    lab.admin("app").client("iam").list_account_aliases()
    named = [{"AttributeKey": "EventName", "AttributeValue": "ListAccountAliases"}]
    assert not lab.admin("app").client("cloudtrail").lookup_events(LookupAttributes=named)["Events"]
    assert lab.admin("app", region="us-east-1").client("cloudtrail").lookup_events(LookupAttributes=named)["Events"]


def test_what_the_lab_cannot_answer_it_says_with_the_operations_name():
    with Lab() as lab:
        iam, health = lab.admin("app").client("iam"), lab.admin("app").client("health")
        error = error_of(iam.simulate_custom_policy, PolicyInputList=["{}"], ActionNames=["s3:GetObject"])
        assert error["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert "the lab cannot answer `iam:SimulateCustomPolicy`" in error["Error"]["Message"]
        assert "`health:DescribeEvents`" in told(health.describe_events)[1]
        assert len(lab.gate.faults) == 2


def test_the_maker_leaves_no_trace_in_the_trail(lab: Lab):
    before = len(lab.trail.events)
    lab.maker("app").client("iam").create_user(UserName="untraced")
    assert len(lab.trail.events) == before


def test_secrets_in_parameters_never_reach_the_trail(lab: Lab):
    lab.admin("app").client("secretsmanager").create_secret(Name="hush", SecretString="planted-secret-value")
    assert "planted-secret-value" not in json.dumps(lab.trail.events)


def test_a_grant_lets_a_role_use_a_key_without_a_policy(lab: Lab):
    kms, arn = lab.admin("app").client("kms"), role(lab, "Granted")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    granted = lab.session(arn).client("kms")
    assert told(granted.decrypt, CiphertextBlob=blob, KeyId=key)[0] == "AccessDeniedException"
    kms.create_grant(KeyId=key, GranteePrincipal=arn, Operations=["Decrypt"])
    assert granted.decrypt(CiphertextBlob=blob, KeyId=key)["Plaintext"] == b"x"


def test_tags_of_principal_and_resource_are_compared(lab: Lab):
    condition = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    arn = role(lab, "Tagged", allow("secretsmanager:GetSecretValue", Condition=condition))
    manager = lab.admin("app").client("secretsmanager")
    for team in ("red", "blue"):
        manager.create_secret(Name=team, SecretString=team, Tags=[{"Key": "team", "Value": team}])
    lab.maker("app").client("iam").tag_role(RoleName="Tagged", Tags=[{"Key": "team", "Value": "red"}])
    tagged = lab.session(arn).client("secretsmanager")
    assert tagged.get_secret_value(SecretId="red")["SecretString"] == "red"
    assert told(tagged.get_secret_value, SecretId="blue")[0] == "AccessDeniedException"


def test_event_history_finds_a_role_by_its_name(lab: Lab):
    role(lab, "Found")
    lab.admin("app").client("iam").put_role_policy(RoleName="Found", PolicyName="Own", PolicyDocument=document(allow("s3:*")))
    trail = lab.admin("app", region="us-east-1").client("cloudtrail")
    wanted = [{"AttributeKey": "ResourceName", "AttributeValue": "Found"}]
    assert [event["EventName"] for event in trail.lookup_events(LookupAttributes=wanted)["Events"]] == ["PutRolePolicy"]


def test_anonymous_callers_have_the_buckets_policy_alone(lab: Lab):
    s3, name = lab.admin("app").client("s3"), f"public-{lab.account['app']}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": lab.region})
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    anyone = lab.session(lab.admin_arn("app")).client("s3", config=Config(signature_version=UNSIGNED))
    assert told(anyone.get_object, Bucket=name, Key="k") == ("AccessDenied", "Access Denied")
    s3.put_bucket_policy(Bucket=name, Policy=document(allow("s3:GetObject", f"arn:aws:s3:::{name}/*", Principal="*")))
    assert told(anyone.get_object, Bucket=name, Key="k") == ("AccessDenied", "Access Denied")
    s3.delete_public_access_block(Bucket=name)
    assert anyone.get_object(Bucket=name, Key="k")["Body"].read() == b"x"


def test_the_key_behind_a_queue_is_told_whole_and_that_behind_a_topic_not_at_all(lab: Lab):
    admin = lab.admin("app")
    key = admin.client("kms").create_key()["KeyMetadata"]["Arn"]
    url = admin.client("sqs").create_queue(QueueName="locked", Attributes={"KmsMasterKeyId": key})["QueueUrl"]
    topic = admin.client("sns").create_topic(Name="locked", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    arn = role(lab, "Posts", allow(["sqs:SendMessage", "sns:Publish"]))
    session = lab.session(arn)
    code, message = told(session.client("sqs").send_message, QueueUrl=url, MessageBody="x")
    assert code == "KMS.AccessDeniedException"
    assert f"kms:GenerateDataKey on resource: {key} because no identity-based policy allows" in message
    code, message = told(session.client("sns").publish, TopicArn=topic, Message="x")
    assert (code, message.startswith("null (Service: AWSKMS; Status Code: 400;")) == ("KMSAccessDenied", True)
    lets = document(allow(["kms:GenerateDataKey", "kms:Decrypt"], key))
    lab.maker("app").client("iam").put_role_policy(RoleName="Posts", PolicyName="Key", PolicyDocument=lets)
    assert session.client("sqs").send_message(QueueUrl=url, MessageBody="x")["MessageId"]
    assert session.client("sns").publish(TopicArn=topic, Message="x")["MessageId"]


def test_a_subscription_is_asked_of_its_topic(lab: Lab):
    admin = lab.admin("app")
    topic = admin.client("sns").create_topic(Name="news")["TopicArn"]
    queue = admin.client("sqs").create_queue(QueueName="reader")["QueueUrl"]
    endpoint = admin.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    made = admin.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint, ReturnSubscriptionArn=True)
    sns = lab.session(role(lab, "Leaves")).client("sns")
    assert f"SNS:Unsubscribe on resource: {topic} because" in told(sns.unsubscribe, SubscriptionArn=made["SubscriptionArn"])[1]


def test_a_request_without_a_signature_is_told_so(lab: Lab):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    query = urllib3.request("POST", lab.endpoint_url, body=b"Action=ListRoles&Version=2010-05-08", headers=form)
    assert (query.status, b"MissingAuthenticationToken" in query.data) == (403, True)
    wanted = {"X-Amz-Target": "TrentService.ListKeys", "Content-Type": "application/x-amz-json-1.1"}
    answer = urllib3.request("POST", lab.endpoint_url, body=b"{}", headers=wanted)
    assert (answer.status, answer.json()["__type"]) == (400, "MissingAuthenticationTokenException")


def test_nonsense_is_answered_in_the_services_protocol_and_never_with_a_page():
    nonsense = b'{"CiphertextBlob": "x"}'
    with Lab() as lab:
        made = lab.credentials(lab.admin_arn("app"))
        request = AWSRequest(method="POST", url=lab.endpoint_url + "/", data=nonsense)
        request.headers["X-Amz-Target"] = "TrentService.Decrypt"
        request.headers["Content-Type"] = "application/x-amz-json-1.1"
        SigV4Auth(BotocoreCredentials(made.access_key, made.secret_key), "kms", lab.region).add_auth(request)
        answer = urllib3.request("POST", request.url, body=nonsense, headers=dict(request.headers))
        assert (answer.status, answer.json()["__type"]) == (501, "LabCannotAnswer")
        assert "the lab failed at POST /" in lab.gate.faults[0]
