import json
from pathlib import Path
from typing import Any

import pytest

import undeny
from undeny.errors import UndenyError
from undeny.lab.definition import decide
from undeny.prove.containment import CheckResult, allows_beyond

ROWS = [
    json.loads(line)
    for name in ("checks", "checks_published")
    for line in (Path(__file__).parents[2] / "data" / f"{name}.jsonl").read_text().splitlines()
]


def policy(*statements: dict[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    return ({"Version": version} if version else {}) | {"Statement": list(statements)}


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(action, resource, **more) | {"Effect": "Deny"}


def ask(row: dict[str, Any]) -> CheckResult:
    if row["check"] == "no-new-access":
        return undeny.no_new_access(row["old"], row["new"], type=row["type"])
    if row["check"] == "access-not-granted":
        return undeny.access_not_granted(row["new"], actions=row["actions"], resources=row["resources"], type=row["type"])
    return undeny.no_public_access(row["new"], resource_type=row["resource_type"])


def let_in(document: dict[str, Any] | None, result: CheckResult, kind: str) -> bool:
    """Whether the definition, which shares nothing with the engine, finds the witness allowed."""
    seen = result.witness
    assert seen is not None
    context = {key: list(value) if isinstance(value, tuple) else value for key, value in seen.context.items()}
    policies: dict[str, Any] = {"boundary": None, "session": None, "endpoint": None, "scp": [], "rcp": [], "identity": [], "resource": None}
    policies |= {"identity": [{"name": "p", "policy": document}]} if kind == "identity" else {"resource": document}
    asked = {"principal": seen.principal, "action": seen.action, "resource": seen.resource, "resource_account": None, "context": context}
    return decide({"request": asked, "policies": policies})["layers"][kind] == "allowed"


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_question_has_its_answer_and_a_witness_where_it_fails(row: dict[str, Any]):
    result = ask(row)
    assert result.holds is row["expect"]["holds"], row["why"]
    if result.holds is False:
        assert let_in(row["new"], result, row["type"])
        assert row["old"] is None or not let_in(row["old"], result, row["type"])
        assert result.statements[0].policy == "new"


HOLDS = {
    "the same in another order": (policy(allow(["s3:GetObject", "s3:PutObject"])), policy(allow("s3:PutObject"), allow("s3:getobject"))),
    "a deny more": (policy(allow("s3:*")), policy(allow("s3:*"), deny("s3:Delete*"))),
    "a condition more": (policy(allow("sqs:*")), policy(allow("sqs:*", Condition={"Bool": {"aws:SecureTransport": "true"}}))),
    "two halves make a whole": (
        policy(allow("sqs:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), allow("sqs:*", Condition={"Bool": {"aws:SecureTransport": "false"}})),
        policy(allow("sqs:*")),
    ),
    "a later date": (
        policy(allow("s3:*", Condition={"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}})),
        policy(allow("s3:*", Condition={"DateGreaterThan": {"aws:CurrentTime": "1798761600"}})),
    ),
    "a star that runs past the colon": (
        policy(allow("sns:Publish", "arn:aws:sns:*:topic")), policy(allow("sns:Publish", "arn:aws:sns:*:*:topic"))),
    "an instance is all that can be stopped": (
        policy(allow("ec2:StopInstances", "arn:aws:ec2:*:*:instance/*")), policy(allow("ec2:StopInstances", "arn:aws:ec2:*"))),
    "the same variable on both sides": (
        policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")),
        policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/docs/*")),
    ),
    "fewer values of all": (
        policy(allow("ec2:CreateTags", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}})),
        policy(allow("ec2:CreateTags", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "a"}})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOLDS)
def test_nothing_new_is_allowed_by(case: str):
    old, new = HOLDS[case]
    assert undeny.no_new_access(old, new).holds is True


FAILS = {
    "one object more": (policy(allow("s3:GetObject", "arn:aws:s3:::b/a*")), policy(allow("s3:GetObject", "arn:aws:s3:::b/*"))),
    "a deny less": (policy(allow("s3:*"), deny("s3:DeleteBucket")), policy(allow("s3:*"))),
    "a deny that speaks of fewer": (
        policy(allow("s3:*"), deny("s3:*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})),
        policy(allow("s3:*"), deny("s3:*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "Null": {"aws:SourceVpce": "false"}})),
    ),
    "names that are not there yet": (policy(allow("sqs:SendMessage")), policy(allow("sqs:SendM*"))),
    "all but a few": (policy(allow("s3:*")), policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
    "set operators are true without a value": (
        policy(allow("ec2:CreateTags", Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}})),
        policy(allow("ec2:CreateTags", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "a"}})),
    ),
    "literal dollar signs are no variables": (
        policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*"), version=None),
        policy(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")),
    ),
    "another spelling of a tag": (
        policy(allow("ec2:StopInstances", Condition={"StringEquals": {"aws:ResourceTag/env": "dev"}})),
        policy(allow("ec2:StopInstances", Condition={"StringEqualsIgnoreCase": {"aws:ResourceTag/env": "dev"}})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAILS)
def test_something_new_is_allowed_by(case: str):
    old, new = FAILS[case]
    result = undeny.no_new_access(old, new)
    assert result.holds is False
    assert let_in(new, result, "identity")
    assert not let_in(old, result, "identity")


def test_an_operator_that_aws_does_not_have_leaves_the_question_open():
    strange = policy(allow("s3:*", Condition={"StringResembles": {"aws:username": "a"}}))
    result = undeny.no_new_access(policy(), strange)
    assert (result.holds, result.needs) == (None, ("a condition whose meaning is not known: StringResembles",))


def test_an_operator_that_aws_does_not_have_does_not_matter_where_another_condition_settles_it():
    strange = policy(allow("s3:*"), allow("s3:GetObject", Condition={"StringResembles": {"aws:username": "a"}}))
    assert undeny.no_new_access(policy(allow("s3:*")), strange).holds is True


def test_a_role_of_an_account_that_was_trusted_is_nothing_new():
    old = policy({"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"})
    new = policy({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/Ci"}, "Action": "sts:AssumeRole"})
    assert undeny.no_new_access(old, new, type="resource").holds is True
    assert undeny.no_new_access(new, old, type="resource").holds is False


def test_a_variable_inside_an_arn_condition_is_no_proof():
    grant = {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:*:111122223333:orders",
    }
    named = grant | {"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/App"}}}
    result = undeny.no_new_access(policy(), policy(named), type="resource")
    assert result.holds is False
    assert let_in(policy(named), result, "resource")


def test_a_user_of_any_name_stands_for_the_users_of_an_account():
    grant = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:SendMessage", "Resource": "*"}
    blue = grant | {"Condition": {"StringEquals": {"aws:username": "Blue"}}}
    result = undeny.no_new_access(policy(), policy(blue), type="resource")
    assert result.holds is False
    assert result.witness is not None
    assert result.witness.principal == "arn:aws:iam::111122223333:user/Blue"


@pytest.mark.parametrize("kind", ["Account", "User", "AssumedRole", "FederatedUser"])
def test_every_type_of_principal_can_be_the_one_that_gets_in(kind: str):
    everyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": "*"}
    others = everyone | {"Condition": {"StringNotEquals": {"aws:PrincipalType": kind}, "Null": {"aws:PrincipalType": "false"}}}
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:PrincipalType": "true"}}}
    assert undeny.no_new_access(policy(others), policy(everyone, nobody), type="resource").holds is False


def test_a_policy_that_names_no_principal_is_not_called_public():
    result = undeny.no_public_access(policy(allow("s3:GetObject")))
    assert (result.holds, result.needs) == (None, ("a principal or statement that cannot be compared",))


def test_beyond_what_a_fix_names_nothing_may_be_allowed():
    old, new = policy(allow("s3:GetObject", "arn:aws:s3:::b/*")), policy(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/*"))
    assert allows_beyond(old, new, [("s3:PutObject", "arn:aws:s3:::b/*")]).holds is True
    assert allows_beyond(old, new, [("s3:PutObject", "arn:aws:s3:::b/k")]).holds is False
    assert allows_beyond(None, new, [("s3:*", "*")]).holds is True


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}, False),
        ({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "10.0.0.0/8"]}}, True),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, False),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}, False),
        ({"StringEquals": {"aws:UserAgent": "secret"}}, False),
        ({"StringEquals": {"aws:SourceAccount": "${aws:PrincipalTag/a}"}}, False),
    ],
)
def test_a_fixed_value_of_a_trusted_key_is_not_public(condition: dict[str, Any], holds: bool):  # noqa: FBT001 - a column of the table
    open_to = policy(
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pics/*", "Condition": condition}
    )
    assert undeny.no_public_access(open_to).holds is holds


def test_a_deny_for_all_but_one_endpoint_makes_a_public_policy_private():
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::pics/*"}
    guard = {**everyone, "Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}
    assert undeny.no_public_access(policy(everyone)).holds is False
    assert undeny.no_public_access(policy(everyone, guard)).holds is True


def test_names_that_the_catalogue_does_not_know_are_accepted_and_said():
    result = undeny.access_not_granted(policy(allow("s3:*")), actions=["s3:GetObjects"])
    assert result.holds is False
    assert result.notes == ("the catalogue does not know the action s3:GetObjects",)


def test_a_type_that_is_none_is_refused():
    with pytest.raises(UndenyError, match="not `scp`"):
        undeny.no_new_access(policy(), policy(), type="scp")  # type: ignore[arg-type] # what is tested


def test_a_long_policy_is_answered_in_time():
    old = policy(*(allow("s3:GetObject", f"arn:aws:s3:::bucket-{i:04}/*") for i in range(120)))
    new = policy(*(allow("s3:GetObject", f"arn:aws:s3:::bucket-{i:04}/*") for i in range(121)))
    result = undeny.no_new_access(old, new)
    assert result.holds is False
    assert result.witness is not None
    assert result.witness.resource.startswith("arn:aws:s3:::bucket-0120/")
