"""The scenario that a call becomes, and the layer that is named: over moto's state, without a server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from undeny.lab import Lab, judge, state
from undeny.lab.model import Asked, Call, Caller


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def caller(lab: Lab, name: str, *statements: dict[str, Any]) -> Caller:
    iam = lab.maker("app").client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": lab.account["app"]}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, Path="/team/", AssumeRolePolicyDocument=json.dumps(document(trust)))
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="Own", PolicyDocument=json.dumps(document(*statements)))
    made = lab.credentials(f"arn:aws:iam::{lab.account['app']}:role/team/{name}")
    found = lab.callers.known(made.access_key)
    assert found is not None
    return found


def call(who: Caller, **given: Any) -> Call:
    told = {"service": "sqs", "operation": "SendMessage", "parameters": {}, "region": "eu-west-1", "protocol": "json", "headers": {}}
    told |= {"request_id": "r", "host_id": "h", "time": datetime(2026, 11, 24, tzinfo=UTC), "source_ip": "203.0.113.9"}
    return Call(caller=who, **(told | given))


def test_a_roles_path_is_in_its_principal_arn_though_not_in_the_sessions(lab: Lab):
    who = caller(lab, "Pathed")
    told = judge.scenario(call(who), Asked(action="sqs:ListQueues"))
    assert told["request"]["principal"] == f"arn:aws:sts::{lab.account['app']}:assumed-role/Pathed/lab"
    assert told["request"]["context"]["aws:PrincipalArn"] == f"arn:aws:iam::{lab.account['app']}:role/team/Pathed"


def test_the_chain_runs_from_the_root_down_to_the_account(lab: Lab):
    told = judge.scenario(call(caller(lab, "Chained")), Asked(action="sqs:ListQueues"))
    levels = told["policies"]["scp"]
    assert [level["name"] for level in levels] == ["Root", "Workloads", "app"]
    assert [policy["name"] for level in levels for policy in level["policies"]] == ["FullAWSAccess"] * 3
    assert levels[-1]["target"] == lab.account["app"]


def test_the_management_account_is_told_as_such(lab: Lab):
    management = lab.account["management"]
    assert state.account_settings(management)[f"arn:aws:iam::{management}:root"]["settings"]["MasterAccountId"] == management


def test_an_account_outside_has_no_chain(lab: Lab):
    assert state.levels(lab.account["outside"], "SERVICE_CONTROL_POLICY") == []
    assert state.organization_keys(lab.account["outside"], "Principal") == {}


def test_organization_paths_end_with_the_account_s_unit(lab: Lab):
    keys = state.organization_keys(lab.account["app"], "Principal")
    (path,) = keys["aws:PrincipalOrgPaths"]
    assert path.startswith(f"{keys['aws:PrincipalOrgID']}/r-")
    assert path.endswith("/")
    assert path.count("/ou-") == 1


def test_a_call_through_an_endpoint_has_no_source_ip(lab: Lab):
    who = caller(lab, "Networked")
    assert judge.context(call(who), Asked(action="sqs:ListQueues"), None)["aws:SourceIp"] == "203.0.113.9"
    inside = judge.context(call(who, endpoint="vpce-0abc"), Asked(action="sqs:ListQueues"), None)
    assert inside["aws:SourceVpce"] == "vpce-0abc"
    assert "aws:SourceIp" not in inside


def test_what_a_service_asks_on_the_callers_behalf_is_said_to_be_that(lab: Lab):
    asked = Asked(action="kms:Decrypt", resource="arn:aws:kms:eu-west-1:111122223333:key/k", via="s3.amazonaws.com")
    keys = judge.context(call(caller(lab, "Behalf")), asked, None)
    assert keys["aws:ViaAWSService"] == "true"
    assert "aws:SourceIp" not in keys


def test_a_global_service_is_in_us_east_1_whatever_region_the_caller_is_in(lab: Lab):
    who = caller(lab, "Worldly")
    assert judge.context(call(who, service="iam"), Asked(action="iam:ListRoles"), None)["aws:RequestedRegion"] == "us-east-1"
    assert judge.context(call(who, service="sts"), Asked(action="sts:AssumeRole"), None)["aws:RequestedRegion"] == "eu-west-1"


def asked_of(lab: Lab, principal: Any, account: str = "data") -> Asked:
    resource = f"arn:aws:sqs:eu-west-1:{lab.account[account]}:q"
    policy = document(allow("sqs:SendMessage", Principal=principal)) if principal else None
    return Asked(action="sqs:SendMessage", resource=resource, account=lab.account[account], policy=policy)


def test_across_accounts_a_grant_to_the_account_is_named_and_one_to_the_role_is_not(lab: Lab):
    who = caller(lab, "Across")
    account = judge.refusal(call(who), asked_of(lab, {"AWS": f"arn:aws:iam::{lab.account['app']}:root"}))
    named = judge.refusal(call(who), asked_of(lab, {"AWS": who.issuer}))
    nothing = judge.refusal(call(who), asked_of(lab, None))
    assert [one.layer for one in (account, named, nothing) if one] == ["resource", "identity", "resource"]


def test_an_allow_on_both_sides_is_no_refusal(lab: Lab):
    who = caller(lab, "Both", allow("sqs:SendMessage"))
    assert judge.refusal(call(who), asked_of(lab, {"AWS": who.issuer})) is None
    assert judge.refusal(call(who), asked_of(lab, None)) is not None


def test_the_policy_that_denies_is_found_among_those_that_do_not(lab: Lab):
    organizations = lab.maker("management").client("organizations")
    content = json.dumps(document(allow("sqs:PurgeQueue") | {"Effect": "Deny"}))
    made = organizations.create_policy(Name="NoPurge", Description="x", Type="SERVICE_CONTROL_POLICY", Content=content)
    summary = made["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=summary["Id"], TargetId=lab.account["app"])
    who = caller(lab, "Purges", allow("*"))
    refused = judge.refusal(call(who), Asked(action="sqs:PurgeQueue"))
    assert refused is not None
    assert (refused.layer, refused.explicit, refused.policy_arn) == ("scp", True, summary["Arn"])
