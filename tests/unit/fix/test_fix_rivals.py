"""Faults that other tools have: dropping conditions, cutting ARNs at a dot, widening to a star, allowing around an SCP."""

import json

import undeny
from generators import outside
from undeny.lab.definition import decide

APP = "arn:aws:sts::111122223333:assumed-role/App/i-1"
FULL = {"name": "FullAWSAccess", "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def scenario(action, on, *, identity=(), context=None, **layers):
    named = [{"name": f"p{i}", "policy": d} for i, d in enumerate(identity)]
    held = {"identity": named, "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    request = {"principal": APP, "action": action, "resource": on, "resource_account": "111122223333", "context": context or {}}
    return {
        "id": "x",
        "text": "Access Denied",
        "request": request,
        "policies": held | layers,
        "resources": {},
        "now": "2026-11-20T09:30:00Z",
    }


def fixes(given):
    return json.loads(json.dumps(undeny.to_builtins(undeny.explain(given))["fixes"]))


def written(fix):
    return [s for c in fix["changes"] if c["kind"] == "policy" for s in outside.listed(c["after"]["Statement"])]


def test_a_statement_for_another_arn_keeps_the_condition_of_the_one_that_nearly_allowed_it():
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    held = allow("s3:GetObject", "arn:aws:s3:::logs.example.org", Condition=mfa)
    given = scenario(
        "s3:GetObject", "arn:aws:s3:::logs.example.org/k", identity=[doc(held)], context={"aws:MultiFactorAuthPresent": "true"}
    )
    first = fixes(given)[0]
    assert all(s.get("Condition", {}).get("Bool") == mfa["Bool"] for s in written(first)), written(first)
    after = outside.carried_out(given, first["changes"])
    assert decide(after)["decision"] == "allowed"
    without = after | {"request": after["request"] | {"context": {"aws:MultiFactorAuthPresent": "false"}}}
    assert decide(without)["decision"] != "allowed"


def test_an_arn_with_dots_colons_and_slashes_is_written_whole():
    for action, arn in (
        ("s3:GetObject", "arn:aws:s3:::my.bucket.example.com/a.b/c:d.tar.gz"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/v1.2/db.main-AbCdEf"),
        ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:orders.fifo"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/my.table"),
    ):
        (statement,) = written(fixes(scenario(action, arn))[0])
        assert statement["Resource"] == arn


def test_no_star_is_written_that_the_call_does_not_have():
    for action, arn in (
        ("s3:PutObject", "arn:aws:s3:::b/2026/11/k"),
        ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111122223333:log-group:/app:log-stream:2026/11/[1]abc"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/team/App"),
        ("ec2:StopInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc1234567890def"),
    ):
        given = scenario(action, arn, context={"iam:PassedToService": "lambda.amazonaws.com"} if action == "iam:PassRole" else {})
        first = fixes(given)[0]
        assert "*" not in json.dumps(first["changes"]), (action, first["changes"])
        assert outside.new_stars(first["changes"], given["request"]) == []


def test_what_has_a_new_name_each_time_is_offered_as_a_pattern_second_and_says_so():
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/app:log-stream:2026/11/[1]abc"
    found = fixes(scenario("logs:PutLogEvents", arn))
    assert [s["Resource"] for s in written(found[1])] == ["arn:aws:logs:eu-west-1:111122223333:log-group:/app:*"]
    assert any(risk.startswith("opens more than this call") for risk in found[1]["risks"])


def test_nothing_is_granted_around_a_service_control_policy():
    deny = {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
    levels = [{"target": "r-1", "policies": [FULL, {"name": "NoDelete", "policy": doc(deny)}]}]
    for identity in ([doc(allow("s3:*"))], []):
        for fix in fixes(scenario("s3:DeleteBucket", "arn:aws:s3:::b", identity=identity, scp=levels)):
            layers = {c["layer"] for c in fix["changes"] if c["kind"] == "policy"}
            assert "scp" in layers or not layers, fix["title"]
            assert fix["applicability"] != "machine_applicable"
            assert fix["owner"] == "organization"


def test_an_exception_to_a_deny_spares_this_call_alone():
    deny = {
        "Sid": "Lock",
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }
    levels = [{"target": "r-1", "policies": [FULL, {"name": "Lock", "policy": doc(deny)}]}]
    given = scenario(
        "s3:PutObject", "arn:aws:s3:::b/k", identity=[doc(allow("*"))], scp=levels, context={"aws:RequestedRegion": "us-east-1"}
    )
    asked = next(f for f in fixes(given) if any(c["kind"] == "policy" for c in f["changes"]))
    after = outside.carried_out(given, asked["changes"])
    assert decide(after)["decision"] == "allowed"
    for name, value in (
        ("action", "s3:DeleteObject"),
        ("resource", "arn:aws:s3:::b/other"),
        ("principal", APP.replace("/App/", "/Other/")),
    ):
        near = after | {"request": after["request"] | {name: value}}
        assert decide(near)["decision"] == "explicitly_denied", name
    elsewhere = after | {"request": after["request"] | {"context": {"aws:RequestedRegion": "ap-south-1"}}}
    assert decide(elsewhere)["decision"] == "explicitly_denied"
