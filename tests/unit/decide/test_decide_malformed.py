"""Whatever is wrong in a scenario is either refused with a reason or decided; nothing malformed ever lets a call through."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from undeny.decide import evaluate
from undeny.errors import UndenyError

JUNK = (
    *(None, True, 0, -1, 3.5, "", "*", "?", "${", "${a", "${k, '", "arn:", "arn:::::", ":::::::::", "s3:", "*:x", "\x00", "unknown"),
    *(
        [],
        {},
        [[]],
        [{}],
        [None],
        {"": ""},
        {"a": None},
        {"AWS": None},
        {"AWS": {"x": 1}},
        "999.999.1.1",
        "1.2.3.4/99",
        "2026-99-99T99:99Z",
    ),
    *("1e999999999", "NaN", "Infinity", "253402300800000", "(", "a(?:b", "\ud800", "[" * 50),
)
OPERATORS = (
    *(
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "NumericEquals",
        "NumericNotEquals",
        "DateEquals",
        "DateNotEquals",
        "Bool",
        "BinaryEquals",
    ),
    *("IpAddress", "NotIpAddress", "ArnLike", "ArnNotLike", "Null", "Nope", "ForAllValues:Null", "ForAllValues:ArnNotLike", "NullIfExists"),
)
STATEMENT = {
    "Effect": "Allow",
    "Action": ["s3:GetObject"],
    "Resource": ["arn:aws:s3:::b/*"],
    "Condition": {"IpAddress": {"aws:SourceIp": ["1.2.3.0/24"]}},
}
SCENARIO: dict[str, Any] = {
    "request": {
        "principal": "arn:aws:iam::111122223333:user/alice",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": "111122223333",
        "context": {"aws:SourceIp": "1.2.3.4"},
    },
    "policies": {
        "identity": [{"name": "p", "policy": {"Version": "2012-10-17", "Statement": [STATEMENT]}}],
        "resource": {"Statement": [{"Effect": "Deny", "Principal": {"AWS": ["444455556666"]}, "Action": "s3:*", "Resource": "*"}]},
        "boundary": None,
        "session": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
    },
    "resources": {
        "arn:aws:s3:::b": {
            "policy": None,
            "settings": {
                "ObjectOwnership": "ObjectWriter",
                "Owner": {"ID": "a"},
                "Grants": [{"Grantee": {"ID": "a"}, "Permission": "READ"}],
            },
        }
    },
}


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*at, step))


def with_junk(at: tuple[str | int, ...], junk: Any) -> dict[str, Any]:
    given = copy.deepcopy(SCENARIO)
    here: Any = given
    for step in at[:-1]:
        here = here[step]
    here[at[-1]] = junk
    return given


def decided(given: dict[str, Any]) -> str:
    try:
        return evaluate(given).decision
    except UndenyError as error:
        return str(error)


def test_the_scenario_itself_is_allowed():
    assert evaluate(SCENARIO).decision == "allowed"


@pytest.mark.parametrize("at", list(places(SCENARIO)), ids=lambda at: ".".join(map(str, at)))
def test_junk_in_any_place_is_refused_or_decided(at: tuple[str | int, ...]):
    assert all(decided(with_junk(at, junk)) for junk in JUNK)


@pytest.mark.parametrize("operator", OPERATORS)
def test_junk_under_any_operator_is_decided(operator: str):
    for wanted in JUNK:
        for got in JUNK:
            given = with_junk(("policies", "identity", 0, "policy", "Statement", 0, "Condition"), {operator: {"x:k": wanted}})
            given["request"]["context"] = {"x:k": got}
            assert decided(given)


@pytest.mark.parametrize("element", ["Effect", "Action", "Resource", "Condition"])
def test_an_allow_with_a_malformed_element_lets_nothing_through(element: str):
    harmless = {"Action": ["*"], "Resource": ["*"], "Condition": [{}]}.get(element, [])
    for junk in [one for one in JUNK if one not in harmless]:
        assert decided(with_junk(("policies", "identity", 0, "policy", "Statement", 0, element), junk)) != "allowed", junk


@pytest.mark.parametrize("version", [None, "2012-10-18", "", 3.5, []])
def test_a_version_that_aws_does_not_have_leaves_it_open(version: Any):
    assert decided(with_junk(("policies", "identity", 0, "policy", "Version"), version)) == "unknown"


def test_a_resource_policy_that_is_no_object_leaves_it_open():
    assert decided(with_junk(("policies", "resource"), "17")) == "unknown"


@pytest.mark.parametrize("action", ["s3*:GetObject", "*:GetObject", "GetObject", ["s3:", "s3*:Get*"]])
def test_an_entry_that_is_no_action_allows_nothing(action: Any):
    assert decided(with_junk(("policies", "identity", 0, "policy", "Statement", 0, "Action"), action)) == "implicitly_denied"


def test_an_action_beside_an_entry_that_is_none_stays_open():
    given = with_junk(("policies", "identity", 0, "policy", "Statement", 0, "Action"), ["s3*:Get*", "s3:GetObject"])
    assert decided(given) == "unknown"


@pytest.mark.parametrize("action", ["s3*:GetObject", ["GetObject"]])
def test_a_deny_with_an_entry_that_is_no_action_may_apply(action: Any):
    given = copy.deepcopy(SCENARIO)
    deny = {"Effect": "Deny", "Action": action, "Resource": "*"}
    given["policies"]["identity"].append({"name": "d", "policy": {"Statement": [deny]}})
    assert decided(given) == "unknown"
