"""AWS's own record over HTTP: the lab keeps the details of each denial, the command reads them, a snapshot carries them away."""

import json

import pytest
from botocore.exceptions import ClientError

from undeny import pipeline
from undeny.emit.report.page import page_of
from undeny.lab import Lab
from undeny.lab.organization import trust

READS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]})


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        running.gate.tells_ids = True
        yield running


@pytest.fixture(scope="module")
def role(lab):
    iam = lab.maker(lab.account["app"]).client("iam")
    arn = iam.create_role(RoleName="Reads", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
    iam.put_role_policy(RoleName="Reads", PolicyName="Lists", PolicyDocument=READS)
    return arn


@pytest.fixture
def denial(lab, role):
    with pytest.raises(ClientError) as caught:
        lab.session(role).client("iam").list_users()
    return str(caught.value)


def as_(lab, principal):
    made = lab.credentials(principal)
    keys = {"AWS_ACCESS_KEY_ID": made.access_key, "AWS_SECRET_ACCESS_KEY": made.secret_key, "AWS_SESSION_TOKEN": made.token or ""}
    return {**{k: v for k, v in keys.items() if v}, "AWS_ENDPOINT_URL": lab.endpoint_url, "AWS_REGION": "eu-west-1"}


def admin(lab):
    return as_(lab, f"arn:aws:iam::{lab.account['app']}:user/admin")


def test_the_details_behind_an_id_are_waited_for_read_and_compared(lab, undeny, denial):
    ran = undeny("explain", "--live", "--format", "json", denial, environ=admin(lab))
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["cause"]["code"], found["cause"]["certainty"]) == ("identity-missing-allow", "proven")
    assert {one["layer"]: one["agrees"] for one in found["aws_checks"]} == {"scp": True, "identity": True}
    assert all("policyDocument" in one for one in found["denial"]["record"]["policies"])


def test_the_page_says_that_aws_own_record_agrees(lab, undeny, denial):
    page = undeny("explain", "--live", denial, environ=admin(lab)).stdout
    assert "its own record: SCP allows, principal does not allow; this agrees in 2 of 2" in " ".join(page.split())


def test_a_snapshot_carries_the_record_and_settles_it_with_no_connection(lab, undeny, denial, tmp_path):
    assert undeny("collect", "--out", str(tmp_path / "s"), denial, environ=admin(lab)).returncode == 0
    ran = undeny("explain", "--evidence", str(tmp_path / "s"), "--format", "json", denial)
    assert [one["agrees"] for one in json.loads(ran.stdout)["aws_checks"]] == [True, True]


def test_the_saved_record_alone_is_a_source(lab, undeny, denial, tmp_path):
    undeny("collect", "--out", str(tmp_path / "s"), denial, environ=admin(lab))
    (saved,) = (tmp_path / "s" / "authorization").iterdir()
    ran = undeny("explain", str(saved), "--format", "json")
    found = json.loads(ran.stdout)
    assert (found["cause"]["code"], found["verdict"]["layers"]["identity"]) == ("identity-missing-allow", "implicitly_denied")


def test_the_id_is_taken_from_cloudtrails_error_message(lab, undeny, denial):
    event = next(e for e in lab.trail.history(lab.account["app"], "us-east-1") if "authorization id" in (e.get("errorMessage") or ""))
    found = json.loads(undeny("parse", "--format", "json", json.dumps(event)).stdout)
    assert found[0]["authorization_id"] == event["errorMessage"].rpartition(" ")[2]


def test_a_reader_that_may_not_read_it_hears_the_one_permission(lab, role, undeny, denial):
    ran = undeny("explain", "--live", "--format", "json", denial, environ=as_(lab, role))
    how = {one["what"]: one["how"] for one in json.loads(ran.stdout)["missing_evidence"]}
    assert any("iam:GetRequestAuthorizationDetails" in text for what, text in how.items() if what.startswith("authorization details"))


def test_in_a_pipeline_the_denied_credentials_themselves_decode_the_message_and_a_profile_only_reads(lab, role, undeny, tmp_path):
    iam = lab.maker(lab.account["app"]).client("iam")
    iam.put_role_policy(
        RoleName="Reads", PolicyName="Decodes", PolicyDocument=READS.replace("s3:ListBucket", "sts:DecodeAuthorizationMessage")
    )
    with pytest.raises(ClientError) as caught:
        lab.session(role).client("ec2").describe_instances()
    bare = "UnauthorizedOperation: You are not authorized to perform this operation. Encoded" + str(caught.value).partition("Encoded")[2]
    other = lab.credentials(role)
    config = tmp_path / "credentials"
    reader = lab.credentials(f"arn:aws:iam::{lab.account['audit']}:user/admin")
    config.write_text(f"[audit]\naws_access_key_id={reader.access_key}\naws_secret_access_key={reader.secret_key}\n")
    environ = {**as_(lab, role), "AWS_SHARED_CREDENTIALS_FILE": str(config), "AWS_SESSION_TOKEN": other.token}
    environ |= {"AWS_ACCESS_KEY_ID": other.access_key, "AWS_SECRET_ACCESS_KEY": other.secret_key}
    ran = undeny("explain", "--profile", "audit", "--format", "json", bare, environ=environ)
    found = json.loads(ran.stdout)
    assert found["denial"]["action"] == "ec2:DescribeInstances"
    assert found["denial"]["record"]["context"]["principal"]["arn"].endswith("assumed-role/Reads/lab")


def test_a_decoded_message_is_a_source(lab, role, undeny):
    with pytest.raises(ClientError) as caught:
        lab.session(role).client("ec2").describe_instances()
    blob = str(caught.value).rpartition(" ")[2]
    decoded = lab.admin("app").client("sts").decode_authorization_message(EncodedMessage=blob)["DecodedMessage"]
    for pasted in (decoded, json.dumps({"DecodedMessage": decoded})):
        (found,) = json.loads(undeny("parse", "--format", "json", stdin=pasted).stdout)
        assert (found["action"], found["denial"]) == ("ec2:DescribeInstances", "implicit")
        assert found["context"]["aws:SourceIp"] == ["203.0.113.9"]


def test_the_page_names_the_statement_that_an_encoded_message_names():
    matched = {"statementId": "NoBig", "effect": "DENY", "actions": {"items": [{"value": "ec2:RunInstances"}]}, "resources": {"items": []}}
    context = {"principal": {"arn": "arn:aws:iam::111122223333:user/dev"}, "action": "ec2:RunInstances", "resource": "*"}
    told = {"allowed": False, "explicitDeny": True, "matchedStatements": {"items": [matched]}, "context": context}
    walked = pipeline.walk(told)
    assert walked.explanation.denial.kind == "explicit"
    assert ("AWS", "its own record: statement `NoBig` denies ec2:RunInstances") in page_of(walked).facts
    bare = page_of(pipeline.walk({**told, "explicitDeny": False, "matchedStatements": {"items": []}})).facts
    assert ("AWS", "its own record (decoded): no policy allows it") in bare
