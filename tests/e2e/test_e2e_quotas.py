"""Quotas over HTTP against the lab: value and use are read, and whatever may not be read is said."""

import json

import pytest

import undeny
from undeny.fix.model import SettingEdit
from undeny.lab import Lab
from undeny.lab.organization import trust
from undeny.lab.services import service_quotas

ROLES = "An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for RolesPerAccount: 1000"
ADDRESSES = (
    "Error: creating EC2 EIP: operation error EC2: AllocateAddress, https response error StatusCode: 400, RequestID: "
    "0b1c2d3e-0000-4000-8000-000000000000, api error AddressLimitExceeded: The maximum number of addresses has been reached."
)
VERSIONS = "An error occurred (LimitExceeded) when calling the CreatePolicyVersion operation: A managed policy can have up to 5 versions."
QUOTA_READS = ["servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota", "iam:GetAccountSummary"]


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        yield running


def reader(lab, name, *actions):
    """A role that may make these reads only."""
    iam = lab.maker("app").client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(lab.admin_arn("app")))["Role"]["Arn"]
    if actions:
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.put_role_policy(
            RoleName=name, PolicyName="reads", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )
    return lab.session(made)


def test_value_and_use_of_a_quota_are_read(lab):
    service_quotas.applied[(lab.account["app"], "iam", "L-FE177D64")] = 1000.0
    found = undeny.explain(ROLES, lab.admin("app"))
    assert found.bucket == "quota"
    assert found.cause.wanted == ("1,000",)
    assert "Roles per account" in found.cause.summary
    assert "of 1,000 used" in found.cause.summary


def test_the_increase_is_a_setting_a_command_and_terraform(lab):
    found = undeny.explain(ROLES, lab.admin("app"))
    setting = next(change for fix in found.fixes for change in fix.changes if isinstance(change, SettingEdit))
    assert setting.operation == "servicequotas:RequestServiceQuotaIncrease"
    assert setting.after == {"ServiceCode": "iam", "QuotaCode": "L-FE177D64", "DesiredValue": "1500"}
    told = "\n".join(getattr(change, "how", "") for fix in found.fixes for change in fix.changes)
    assert "aws service-quotas request-service-quota-increase --service-code iam --quota-code L-FE177D64 --desired-value 1500" in told
    assert 'resource "aws_servicequotas_service_quota" "this"' in told


def test_addresses_that_nothing_uses_are_named(lab):
    ec2 = lab.maker("app").client("ec2")
    free = [ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in range(2)]
    found = undeny.explain(ADDRESSES, lab.admin("app"))
    told = "\n".join(getattr(change, "how", "") for fix in found.fixes for change in fix.changes)
    assert all(f"{name} (used by nothing)" in told for name in free)
    assert "2 of 5 used" in found.cause.summary


@pytest.mark.parametrize("left_out", QUOTA_READS)
def test_whatever_may_not_be_read_is_said_and_the_cause_stays(lab, left_out):
    session = reader(lab, f"Reads-{left_out.partition(':')[2]}", *(action for action in QUOTA_READS if action != left_out))
    found = undeny.explain(ROLES, session)
    assert (found.cause.code, found.bucket) == ("quota-count", "quota")
    whole = left_out.startswith("servicequotas:GetAWSDefault")  # the account has a value of its own: the default is not asked for
    assert whole or any(left_out in missing.how for missing in found.missing_evidence)


def test_a_reader_who_may_nothing_learns_what_the_text_says(lab):
    found = undeny.explain(ROLES, reader(lab, "Nobody"))
    assert "the quota Roles per account is reached: 1,000" in found.cause.summary
    assert found.fixes


def test_a_quota_that_nobody_raises_offers_what_can_go():
    found = undeny.explain(VERSIONS)
    assert "AWS does not raise it" in found.cause.summary
    assert len(found.fixes) == 1
    assert "oldest version" in found.fixes[0].title


def test_a_snapshot_of_numbers_does_as_well_as_the_account():
    root = "arn:aws:iam::111122223333:root"
    scenario = {
        "id": "q",
        "text": "An error occurred (LimitExceeded) when calling the AttachRolePolicy operation: Cannot exceed quota for PoliciesPerRole: 10",
        "request": {
            "principal": "arn:aws:iam::111122223333:user/dev",
            "action": "iam:AttachRolePolicy",
            "resource": "arn:aws:iam::111122223333:role/app",
        },
        "policies": {"identity": "unknown"},
        "resources": {root: {"settings": {"SummaryMap": {"AttachedPoliciesPerRoleQuota": 20}}}},
    }
    assert "the quota Managed policies per role is reached: 20" in undeny.explain(scenario).cause.summary
