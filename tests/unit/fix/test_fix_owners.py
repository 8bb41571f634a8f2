"""Whose the target is decides the kind of change; and whom a change touches is said."""

import json

import pytest

import undeny

ACCOUNT = "111122223333"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/team"


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def scenario(role, *, identity=(), resources=None, now="2026-11-20T09:30:00Z"):
    named = [{"name": name, "policy": document} for name, document in identity]
    return {
        "id": "x",
        "text": "Access Denied",
        "request": {
            "principal": f"arn:aws:iam::{ACCOUNT}:role/{role}",
            "action": "sqs:SendMessage",
            "resource": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
            "resource_account": ACCOUNT,
            "context": {},
        },
        "policies": {"identity": named, "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []},
        "resources": resources or {},
        "now": now,
    }


def fixes(given):
    return json.loads(json.dumps(undeny.to_builtins(undeny.explain(given))["fixes"]))


def tagged(role, key, value):
    return {f"arn:aws:iam::{ACCOUNT}:role/{role}": {"settings": {"Tags": [{"Key": key, "Value": value}]}}}


@pytest.mark.parametrize(
    ("role", "resources", "managed_by", "said"),
    [
        ("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef", None, "identity-center", "permission set Dev"),
        ("cdk-hnb659fds-deploy-role-111122223333-eu-west-1", None, "cloudformation", "bootstrap template"),
        ("App", tagged("App", "aws:cloudformation:stack-name", "web"), "cloudformation", "stack web"),
        ("App", tagged("App", "ManagedBy", "terraform"), "terraform", "the next apply undoes"),
    ],
    ids=["Identity Center", "CDK bootstrap", "CloudFormation", "Terraform"],
)
def test_what_something_else_writes_is_changed_there(role, resources, managed_by, said):
    (fix,) = fixes(scenario(role, resources=resources))
    assert fix["managed_by"] == managed_by
    assert any(said in risk for risk in fix["risks"])


@pytest.mark.parametrize(
    "role",
    ["aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", "stacksets-exec-0123456789abcdef", "AWSControlTowerExecution"],
    ids=["service-linked", "StackSets", "Control Tower"],
)
def test_what_aws_puts_back_is_never_edited(role):
    assert fixes(scenario(role)) == []


def test_a_policy_of_aws_is_left_alone_and_a_new_one_stands_beside_it():
    (fix,) = fixes(scenario("App", identity=[("AmazonS3ReadOnlyAccess", doc(allow("s3:Get*")))]))
    (change,) = fix["changes"]
    assert (change["policy"], change["before"]) == ("undeny-sqs-SendMessage", None)


def test_a_fix_of_a_managed_policy_names_who_else_has_it():
    settings = {"PolicyRoles": [{"RoleName": "App"}, {"RoleName": "Batch"}], "PolicyUsers": [{"UserName": "ana"}]}
    near = [("team", doc(allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")))]
    given = scenario("App", identity=near, resources={POLICY: {"settings": settings}})
    changed = [fix for fix in fixes(given) if any(c["policy"] == "team" and c["before"] for c in fix["changes"])]
    assert changed
    assert all("team is attached to role Batch, user ana too" in fix["risks"] for fix in changed)


def test_the_version_before_is_offered_where_a_new_one_took_the_permission_away():
    was, now = doc(allow(["sqs:SendMessage", "sqs:ReceiveMessage"])), doc(allow("sqs:ReceiveMessage"))
    versions = [
        {"VersionId": "v2", "IsDefaultVersion": True, "CreateDate": "2026-11-20T09:00:00Z", "Document": now},
        {"VersionId": "v1", "IsDefaultVersion": False, "CreateDate": "2026-01-02T09:00:00Z", "Document": was},
    ]
    given = scenario("App", identity=[("team", now)], resources={POLICY: {"settings": {"PolicyVersionList": versions}}})
    found = [fix for fix in fixes(given) if fix["title"].startswith("make v1 of team its default version again")]
    assert [fix["changes"][0]["after"] for fix in found] == [was]
    assert [fix["applicability"] for fix in found] == ["maybe_incorrect"]
    assert fixes(given)[0] not in found, "the exact statement opens less, and comes first"
    old = scenario("App", identity=[("team", now)], resources=given["resources"], now="2027-11-20T09:30:00Z")
    assert not [fix for fix in fixes(old) if "default version again" in fix["title"]], "a change of a year ago is no recent one"
