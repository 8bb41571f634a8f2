"""`undeny whoami` as people run it: whose credentials, from where, and what is likely not meant."""

import json

import pytest

from undeny.lab import Lab
from undeny.lab.organization import trust

UNKNOWN = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x" * 40}


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        iam = running.maker(running.account["app"]).client("iam")
        iam.create_role(RoleName="AWSReservedSSO_PowerUser_0123456789abcdef", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
        yield running


def as_(lab, arn):
    made = lab.credentials(arn)
    keys = {"AWS_ACCESS_KEY_ID": made.access_key, "AWS_SECRET_ACCESS_KEY": made.secret_key, "AWS_SESSION_TOKEN": made.token}
    return {name: value for name, value in keys.items() if value} | {"AWS_ENDPOINT_URL": lab.endpoint_url, "AWS_REGION": "eu-west-1"}


def test_a_session_of_identity_center_is_called_by_its_permission_set(lab, undeny):
    arn = f"arn:aws:sts::{lab.account['app']}:assumed-role/AWSReservedSSO_PowerUser_0123456789abcdef/dev@example.com"
    ran = undeny("whoami", environ=as_(lab, arn))
    assert ran.returncode == 0, ran.stderr
    assert "Identity Center permission set PowerUser, user dev@example.com" in ran.stdout
    assert "eu-west-1" in ran.stdout


@pytest.mark.parametrize(("expected", "status"), [("admin", 0), ("Deploy", 1)])
def test_another_than_expected_is_said_with_exit_1(lab, undeny, expected, status):
    ran = undeny("whoami", "--expect", expected, environ=as_(lab, f"arn:aws:iam::{lab.account['app']}:user/admin"))
    assert ran.returncode == status
    assert ("this is not Deploy" in ran.stderr) is bool(status)


def test_a_key_that_aws_does_not_know_is_told_with_what_is_seen_here(lab, undeny):
    ran = undeny("whoami", "--format", "json", environ={**UNKNOWN, "AWS_ENDPOINT_URL": lab.endpoint_url})
    assert ran.returncode == 3
    found = json.loads(ran.stdout)
    assert (found["arn"], found["problem_code"], found["access_key_id"]) == (None, "invalid-token", UNKNOWN["AWS_ACCESS_KEY_ID"])
    assert "deactivated, deleted" in ran.stderr


def test_without_a_network_it_says_what_it_can_see(undeny):
    ran = undeny("whoami", environ={**UNKNOWN, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "GITHUB_REPOSITORY": "octo/app"})
    assert ran.returncode == 3
    assert "a GitHub Actions job of octo/app" in ran.stdout
    assert "Traceback" not in ran.stderr


def test_without_credentials_the_answer_is_that_there_are_none(undeny):
    ran = undeny("whoami")
    assert ran.returncode == 3
    assert "nowhere: boto3 found none" in ran.stdout
