"""Under which condition a refused call would be allowed: in words, simplified, and true in every context that meets it."""

import json
from random import Random

import pytest

from generators.scenarios import scenario as random_scenario
from undeny import catalog
from undeny.decide.allowing import allowed_if
from undeny.decide.demands import meeting
from undeny.evidence import scenario
from undeny.lab.definition import decide as by_definition

ME = "arn:aws:iam::111122223333:user/me"
ALLOW = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
SUPPORTED = frozenset(catalog.rcp_services().prefixes)


def _deny(**condition):
    return {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}


def _asked(*identity, context=None, unknown=(), **layers):
    policies = {"identity": [], "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    policies["identity"] = [{"name": "p", "policy": {"Version": "2012-10-17", "Statement": list(identity)}}]
    request = {"principal": ME, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k", "resource_account": "111122223333"}
    read = scenario.read({"request": request | {"context": context or {}, "unknown_keys": list(unknown)}, "policies": policies | layers})
    return allowed_if(read.request, read.evidence)


def _when(**condition):
    return ALLOW | {"Condition": condition}


SAID = [
    pytest.param(
        [_when(Bool={"aws:MultiFactorAuthPresent": "true"})], {}, "`aws:MultiFactorAuthPresent` is `true`", id="an allow with a condition"
    ),
    pytest.param(
        [_when(StringEquals={"s3:x-amz-acl": "private"}, IpAddress={"aws:SourceIp": "10.0.0.0/8"})],
        {"aws:SourceIp": "203.0.113.9"},
        "`aws:SourceIp` is in `10.0.0.0/8` and `s3:x-amz-acl` is `private`",
        id="both conditions of an allow",
    ),
    pytest.param(
        [_when(StringEquals={"s3:x-amz-acl": "private"}, IpAddress={"aws:SourceIp": "10.0.0.0/8"})],
        {"aws:SourceIp": "10.1.1.1"},
        "`s3:x-amz-acl` is `private`",
        id="what is so already is not asked for",
    ),
    pytest.param(
        [_when(StringEquals={"s3:x-amz-acl": "private"}), _when(StringEquals={"s3:x-amz-acl": "public-read"})],
        {},
        "`s3:x-amz-acl` is `private` or `public-read`",
        id="two allows on one key are one",
    ),
    pytest.param(
        [_when(StringEquals={"s3:x-amz-acl": "private"}), _when(Bool={"aws:MultiFactorAuthPresent": "true"})],
        {},
        "`aws:MultiFactorAuthPresent` is `true`; or `s3:x-amz-acl` is `private`",
        id="two allows on two keys are two ways",
    ),
    pytest.param(
        [ALLOW, _deny(StringNotEquals={"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]})],
        {"aws:RequestedRegion": "us-east-1"},
        "`aws:RequestedRegion` is `eu-west-1` or `eu-west-2`",
        id="a region lock",
    ),
    pytest.param(
        [ALLOW, _deny(StringEquals={"aws:PrincipalTag/team": "blue"})],
        {"aws:PrincipalTag/team": "blue"},
        "`aws:PrincipalTag/team` is not `blue`",
        id="a deny on a tag",
    ),
    pytest.param(
        [ALLOW, _deny(BoolIfExists={"aws:MultiFactorAuthPresent": "false"})],
        {"aws:MultiFactorAuthPresent": "false"},
        "`aws:MultiFactorAuthPresent` is `true`",
        id="a deny without MFA",
    ),
    pytest.param(
        [
            ALLOW,
            _deny(Null={"s3:x-amz-server-side-encryption": "true"}),
            _deny(StringNotEquals={"s3:x-amz-server-side-encryption": "aws:kms"}),
        ],
        {},
        "`s3:x-amz-server-side-encryption` is `aws:kms`",
        id="two denies that say nearly the same",
    ),
    pytest.param(
        [ALLOW, _deny(NumericGreaterThan={"s3:signatureAge": "600"})],
        {"s3:signatureAge": "900"},
        "`s3:signatureAge` is at most `600` or absent",
        id="a number turned round",
    ),
    pytest.param(
        [_when(**{"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}})],
        {},
        "one value of `aws:CalledVia` is `athena.amazonaws.com`",
        id="one of several values",
    ),
]


@pytest.mark.parametrize(("statements", "context", "words"), SAID)
def test_the_condition_is_said(statements, context, words):
    found = _asked(*statements, context=context)
    assert found is not None
    assert found.words == words
    assert found.checked > 0


def test_unknown_for_its_context_alone_is_told_too():
    found = _asked(ALLOW, _deny(StringNotEquals={"aws:SourceVpce": "vpce-1"}), unknown=["aws:SourceVpce"])
    assert found.words == "`aws:SourceVpce` is `vpce-1`"


def test_an_scp_and_an_allow_are_asked_for_together():
    lock = {"Version": "2012-10-17", "Statement": [ALLOW | {"Action": "*"}, _deny(StringNotEquals={"aws:RequestedRegion": "eu-west-1"})]}
    scp = [{"target": "r-1", "policies": [{"name": "Lock", "policy": lock}]}]
    found = _asked(_when(Bool={"aws:MultiFactorAuthPresent": "true"}), context={"aws:RequestedRegion": "us-east-1"}, scp=scp)
    assert found.words == "`aws:MultiFactorAuthPresent` is `true` and `aws:RequestedRegion` is `eu-west-1`"


def test_another_caller_is_no_condition_of_this_call():
    assert _asked(_when(ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"})) is None
    assert _asked(ALLOW, _deny(StringEquals={"aws:PrincipalAccount": "111122223333"})) is None


def test_what_is_allowed_needs_no_condition():
    assert _asked(ALLOW) is None


def test_what_no_context_lets_through_has_none():
    assert _asked() is None
    assert _asked(_when(Bool={"aws:MultiFactorAuthPresent": "true"}), ALLOW | {"Effect": "Deny"}) is None
    assert _asked(_when(Bool={"aws:MultiFactorAuthPresent": "true"}), boundary="unknown") is None


def test_demands_that_contradict_each_other_are_no_way():
    both = {"aws:PrincipalTag/a": "x"}
    assert _asked(_when(StringEquals=both), _deny(StringEquals=both)) is None


@pytest.mark.parametrize("part", range(4))
def test_the_definition_allows_what_meets_an_alternative(part):
    checked = 0
    for seed in range(part * 150, part * 150 + 150):
        given = random_scenario(Random(seed))  # noqa: S311 - seeds, not secrets
        read = scenario.read(given)
        for alternative in _alternatives(allowed_if(read.request, read.evidence)):
            context = dict(given["request"].get("context") or {})
            for key in {one.key.lower() for one in alternative}:
                values = meeting([one for one in alternative if one.key.lower() == key])
                context = {name: value for name, value in context.items() if name.lower() != key} | {key: values[-1]}
            context = {name: list(value) if isinstance(value, tuple) else value for name, value in context.items()}
            unknown = [name for name in given["request"].get("unknown_keys") or [] if name.lower() not in {one.lower() for one in context}]
            again = given | {"request": given["request"] | {"context": context, "unknown_keys": unknown}}
            assert by_definition(again, SUPPORTED)["decision"] == "allowed", f"seed {seed}: {alternative} {json.dumps(given)}"
            checked += 1
    assert checked > 0


def _alternatives(found):
    return found.alternatives if found is not None else ()
