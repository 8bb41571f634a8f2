"""Each rule finds what its own examples show, and nothing in policies that are well written."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undeny import dropins
from undeny.errors import UndenyError
from undeny.prove.validating import validate

RULES = "undeny.prove.validating.rules"
EXAMPLES = [
    pytest.param(document, kind, codes, id=f"{name}-{index}")
    for name in dropins.names(RULES)
    for index, (document, kind, codes) in enumerate(dropins.load(RULES, name).EXAMPLES)
]


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(action="s3:GetObject", resource="arn:aws:s3:::b/*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def codes(document, kind="identity"):
    return {finding.code for finding in validate(document, kind)}


@pytest.mark.parametrize(("document", "kind", "wanted"), EXAMPLES)
def test_a_rule_finds_what_its_example_shows(document, kind, wanted):
    assert codes(document, kind) == set(wanted)
    assert codes(json.dumps(document), kind) == set(wanted)


@pytest.mark.parametrize(("document", "kind", "wanted"), EXAMPLES)
def test_a_finding_has_a_place_in_the_text_a_way_out_and_a_source(document, kind, wanted):
    text = json.dumps(document, indent=2)
    for finding in validate(text, kind):
        assert finding.place is not None
        assert text[finding.place.offset : finding.place.offset + finding.place.length].strip()
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", finding.code)
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message
        assert finding.help
        assert finding.source.startswith("https://docs.aws.amazon.com/")


WELL = {
    "a plain allow": (policy(allow()), "identity"),
    "everything": (policy(allow("*", "*")), "identity"),
    "a bucket and its objects": (policy(allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])), "identity"),
    "all of a service on a pattern": (policy(allow("sqs:*", "arn:aws:sqs:*:111122223333:orders-*")), "identity"),
    "a wildcard that runs past the colon": (policy(allow("sns:Publish", "arn:aws:sns:*:topic")), "identity"),
    "tags asked for": (
        policy(
            allow("ec2:CreateTags", "*", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "Null": {"aws:TagKeys": "false"}})
        ),
        "identity",
    ),
    "a region lock": (
        policy(
            {
                "Effect": "Deny",
                "NotAction": ["iam:*", "sts:*"],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
            }
        ),
        "scp",
    ),
    "a trust policy": (
        policy(
            {
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:a/b:*"}},
            }
        ),
        "resource",
    ),
    "a service's grant": (
        policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders",
                "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic"}},
            }
        ),
        "resource",
    ),
    "an RCP": (
        policy(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        ),
        "rcp",
    ),
    "a key's delegation": (
        policy({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}),
        "resource",
    ),
    "a home folder": (policy(allow("s3:PutObject", "arn:aws:s3:::b/${aws:username, 'nobody'}/*")), "identity"),
    "EC2 by tag": (policy(allow("ec2:StopInstances", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "red"}})), "identity"),
    "PassRole to a service": (
        policy(
            allow(
                "iam:PassRole",
                "arn:aws:iam::111122223333:role/App",
                Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            )
        ),
        "identity",
    ),
    "a key through a service": (
        policy(
            allow(
                "kms:Decrypt",
                "arn:aws:kms:eu-west-1:111122223333:key/*",
                Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
            )
        ),
        "identity",
    ),
}


@pytest.mark.parametrize("name", WELL)
def test_nothing_is_found_in(name):
    assert validate(*WELL[name]) == ()


FOUND = {
    "unknown action": (policy(allow("s3:GetObjekt")), "unknown-action", "s3:GetObject"),
    "an operation": (policy(allow("s3:ListObjectsV2", "*")), "operation-not-action", "s3:ListBucket"),
    "a service's other name": (policy(allow("cognito:*", "*")), "unknown-service", None),
    "a wildcard in the service part": (policy(allow("s3*:Get*", "*")), "wildcard-in-service", None),
    "a bucket for its objects": (policy(allow("s3:GetObject", "arn:aws:s3:::b")), "resource-not-for-action", "arn:aws:s3:::"),
    "a list action with an ARN": (
        policy(allow("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*")),
        "resource-not-for-action",
        '"Resource": "*"',
    ),
    "a Region in an IAM ARN": (
        policy(allow("iam:GetRole", "arn:aws:iam:eu-west-1:111122223333:role/A")),
        "region-in-arn",
        "arn:aws:iam::111122223333:role/A",
    ),
    "an account in a bucket's ARN": (policy(allow("s3:GetObject", "arn:aws:s3::111122223333:b/*")), "account-in-arn", "arn:aws:s3:::b/*"),
    "no Region in a queue's ARN": (
        policy(allow("sqs:SendMessage", "arn:aws:sqs::111122223333:orders")),
        "region-missing",
        "arn:aws:sqs:*:111122223333:orders",
    ),
    "a key of another action": (policy(allow("s3:GetObject", Condition={"StringLike": {"s3:prefix": "a"}})), "key-not-carried", None),
    "a misspelt key": (
        policy(allow(Condition={"StringEquals": {"aws:PrincipalOrgId ": "o"}})),
        "unknown-condition-key",
        "aws:PrincipalOrgID",
    ),
    "a key without prefix": (policy(allow(Condition={"StringEquals": {"SourceIp": "o"}})), "unknown-condition-key", "aws:SourceIp"),
    "a string operator on a boolean": (
        policy(allow(Condition={"StringEquals": {"aws:SecureTransport": "true"}})),
        "operator-type-mismatch",
        "Bool",
    ),
    "a date that is none": (policy(allow(Condition={"DateLessThan": {"aws:CurrentTime": "tomorrow"}})), "bad-value", "2026"),
    "a misspelt operator": (policy(allow(Condition={"StringEqual": {"aws:PrincipalTag/a": "b"}})), "unknown-operator", "StringEquals"),
    "an empty statement": (policy({}), "missing-action", "Action"),
    "no statement": (policy(), "empty-policy", None),
    "a wildcard without Like": (
        policy(allow(Condition={"StringEquals": {"aws:PrincipalTag/a": "b*"}})),
        "wildcard-without-like",
        "StringLike",
    ),
    "a multivalued variable": (policy(allow(resource="arn:aws:s3:::b/${aws:TagKeys}")), "multivalued-variable", None),
    "a version of one's own": (policy(allow(), version="2026-01-01"), "bad-version", "2012-10-17"),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_wrong_is_found_with_its_way_out(name):
    document, code, told = FOUND[name]
    found = [finding for finding in validate(document) if finding.code == code]
    assert found, [finding.code for finding in validate(document)]
    if told is not None:
        assert told in " ".join(found[0].help)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["s3:Get*", "${aws:x", "arn:aws:s3:::b", "*"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Action",
                    "Resource",
                    "Condition",
                    "Principal",
                    "NotPrincipal",
                    "StringEquals",
                    "Null",
                    "aws:x.y[0]",
                    "AWS",
                    "Sid",
                    "",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(["identity", "resource", "scp", "rcp"]))
def test_no_json_makes_it_fail(value, kind):
    for finding in validate(json.dumps(value), kind):
        assert finding.code
        assert finding.path


@pytest.mark.parametrize("element", ["Action", "Resource", "NotAction", "NotResource", "Principal", "Condition", "Effect", "Sid"])
@settings(max_examples=25, deadline=None)
@given(value=JSON)
def test_no_value_of_an_element_makes_it_fail(element, value):
    for kind in ("identity", "resource", "rcp"):
        validate({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*", element: value}]}, kind)


def test_what_is_no_json_is_told_so():
    with pytest.raises(UndenyError, match="not JSON"):
        validate("{")


def test_findings_come_in_the_order_of_the_text():
    text = json.dumps(policy(allow("s3:GetObjekt"), allow("s3:PutObjekt")), indent=1)
    offsets = [finding.place.offset for finding in validate(text)]
    assert offsets == sorted(offsets)


def test_the_page_names_every_code_of_the_rules():
    root = Path(__file__).parents[3]
    page = (root / "docs" / "validating.md").read_text("utf-8")
    sources = "".join(path.read_text("utf-8") for path in (root / "src/undeny/prove/validating/rules").glob("*.py"))
    written = set(re.findall(r'code="([a-z0-9-]+)"|yield "([a-z-]+)", (?:f?"names)', sources))
    assert {code for pair in written for code in pair if code and f"`{code}`" not in page} == set()
    assert len(written) > 30


def test_every_rule_is_whole():
    for name in dropins.names(RULES):
        rule = dropins.load(RULES, name)
        assert rule.SOURCE.startswith("https://docs.aws.amazon.com/"), name
        assert rule.EXAMPLES, name
        assert rule.__doc__, name
