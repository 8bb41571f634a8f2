import pytest

from undeny.calls.model import Request
from undeny.decide.model import Miss
from undeny.fix import arns, values

KEY = "arn:aws:s3:::logs"
CALL = Request(principal="arn:aws:iam::111122223333:role/App", action="a:B")
BY_SERVICE = Request(principal="cloudtrail.amazonaws.com", action="a:B")


def miss(operator, key, wanted, got):
    return Miss(element="condition", operator=operator, key=key, wanted=tuple(wanted), got=None if got is None else tuple(got))


def allow(operator, key, held):
    return {"Effect": "Allow", "Action": "a:B", "Resource": "*", "Condition": {operator: {key: held}}}


@pytest.mark.parametrize(
    ("written", "resource", "meant"),
    [
        (KEY, f"{KEY}/2026/app.json", f"{KEY}/*"),
        (f"{KEY}/*", KEY, KEY),
        ("arn:aws:dynamodb:us-west-2:1:table/t", "arn:aws:dynamodb:us-west-2:1:table/t/index/i", "arn:aws:dynamodb:us-west-2:1:table/t/index/*"),
        ("arn:aws:logs:us-east-1:1:log-group:g", "arn:aws:logs:us-east-1:1:log-group:g:log-stream:s", "arn:aws:logs:us-east-1:1:log-group:g:*"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:s", "arn:aws:secretsmanager:us-east-1:1:secret:s-AbCdEf", "arn:aws:secretsmanager:us-east-1:1:secret:s-??????"),
        ("arn:aws:secretsmanager:us-east-1:1:secret:s/*", "arn:aws:secretsmanager:us-east-1:1:secret:s-AbCdEf", "arn:aws:secretsmanager:us-east-1:1:secret:s-??????"),
        ("arn:aws:sqs:us-east-1:1:q", "arn:aws:sqs:eu-west-1:1:q", "arn:aws:sqs:eu-west-1:1:q"),
        ("arn:aws:iam::111122223333:role/App", "arn:aws:iam::111122223333:role/team/App", "arn:aws:iam::111122223333:role/team/App"),
        ("arn:aws:sqs:us-east-1:1:q", "arn:aws:sqs:us-east-1:1:other", None),
        ("arn:aws:s3:::logs", "arn:aws:s3:::logs-other/k", None),
    ],
)  # fmt: skip
def test_an_arn_is_read_as_its_author_seems_to_have_meant_it(written, resource, meant):
    assert arns.meant(written, resource) == meant


def test_a_wildcard_under_string_equals_becomes_string_like_and_keeps_its_value():
    told = miss("StringEquals", "x:sub", ["a-*"], ["a-1"])
    mended = values.condition_that_holds(allow("StringEquals", "x:sub", "a-*"), told, CALL, keep=True)
    assert mended["Condition"] == {"StringLike": {"x:sub": "a-*"}}


def test_a_wildcard_that_would_not_match_either_does_not_become_string_like():
    told = miss("StringEquals", "x:sub", ["a-*"], ["b"])
    mended = values.condition_that_holds(allow("StringEquals", "x:sub", "a-*"), told, CALL, keep=True)
    assert mended["Condition"] == {"StringEquals": {"x:sub": ["a-*", "b"]}}


def test_a_key_that_the_call_does_not_carry_goes_from_a_positive_condition():
    told = miss("StringEquals", "aws:PrincipalOrgID", ["o-1"], None)
    assert "Condition" not in values.condition_that_holds(allow("StringEquals", "aws:PrincipalOrgID", "o-1"), told, CALL, keep=True)


def test_a_statement_for_one_call_goes_on_asking_for_a_key_where_it_is_there():
    told = miss("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"], None)
    mended = values.condition_that_holds(allow("StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com"), told, CALL, keep=False)
    assert mended["Condition"] == {"StringEqualsIfExists": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def test_what_no_service_carries_is_asked_by_the_key_that_a_service_carries_instead():
    told = miss("StringEquals", "aws:PrincipalOrgID", ["o-1"], None)
    mended = values.condition_that_holds(allow("StringEquals", "aws:PrincipalOrgID", "o-1"), told, BY_SERVICE, keep=True)
    assert mended["Condition"] == {"StringEqualsIfExists": {"aws:SourceOrgID": "o-1"}}
    told = miss("StringEquals", "aws:PrincipalAccount", ["111122223333"], None)
    mended = values.condition_that_holds(allow("StringEquals", "aws:PrincipalAccount", "111122223333"), told, BY_SERVICE, keep=True)
    assert mended["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}


def test_a_value_that_no_call_can_have_does_not_stay_beside_the_right_one():
    broken = "arn:aws:events:us-east-1:1:rule/arn:aws:events:us-east-1:1:event-bus/b/r"
    told = miss("ArnLike", "aws:SourceArn", [broken], ["arn:aws:events:us-east-1:1:rule/b/r"])
    mended = values.condition_that_holds(allow("ArnLike", "aws:SourceArn", broken), told, BY_SERVICE, keep=True)
    assert mended["Condition"] == {"ArnLike": {"aws:SourceArn": "arn:aws:events:us-east-1:1:rule/b/r"}}


def test_a_negated_condition_loses_only_the_value_that_the_call_has():
    told = miss("StringNotEquals", "ec2:Region", ["a", "b"], ["b"])
    mended = values.condition_that_holds(allow("StringNotEquals", "ec2:Region", ["a", "b"]), told, CALL, keep=True)
    assert mended["Condition"] == {"StringNotEquals": {"ec2:Region": "a"}}


def test_a_date_is_never_mended():
    told = miss("DateLessThan", "aws:CurrentTime", ["2020-01-01T00:00:00Z"], ["2026-01-01T00:00:00Z"])
    assert values.condition_that_holds(allow("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"), told, CALL, keep=True) is None


@pytest.mark.parametrize(
    ("operator", "wanted", "value"),
    [
        ("StringNotEquals", ["aws:kms"], "aws:kms"),
        ("BoolIfExists", ["false"], "true"),
        ("Null", ["true"], "<value>"),
        ("StringNotLike", ["arn:aws:iam::*:policy/B"], "arn:aws:iam::111122223333:policy/B"),
        ("StringNotLike", ["arn:aws:iam::*:policy/*"], "<like arn:aws:iam::*:policy/*>"),
        ("StringEquals", ["ap-south-1"], None),
        ("NotIpAddress", ["203.0.113.0/24"], "203.0.113.0"),
    ],
)
def test_a_deny_ends_with_the_value_that_it_spares(operator, wanted, value):
    assert values.value_that_ends(operator, wanted, "111122223333") == value


def test_keys_that_guard_accounts_and_data_are_known_as_guards():
    assert all(
        values.is_guard(k)
        for k in ("aws:SourceIp", "aws:PrincipalOrgID", "sts:ExternalId", "s3:prefix", "ec2:ResourceTag/team", "x.example:sub")
    )
    assert not any(values.is_guard(k) for k in ("kms:ViaService", "iam:PassedToService", "kms:EncryptionContext:aws:s3:arn"))
