import itertools

import pytest

from undeny.iam.conditions import OPERATORS, holds, read_operator
from undeny.iam.model import Condition
from undeny.iam.variables import UNKNOWN, UNKNOWN_PRESENT, KeyValue


def decide(operator: str, wanted: str | list[str], got: KeyValue, **context: KeyValue) -> bool | None:
    values = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    return holds(Condition(operator=operator, key="App:Key", values=values), {"app:key": got, **context})


BASES = [name for name in OPERATORS if name != "Null"]


@pytest.mark.parametrize("base", BASES)
def test_an_unknown_value_leaves_every_operator_open(base: str):
    for prefix, suffix in itertools.product(("", "ForAllValues:", "ForAnyValue:"), ("", "IfExists")):
        assert decide(f"{prefix}{base}{suffix}", "1", UNKNOWN) is None


@pytest.mark.parametrize("base", BASES)
def test_an_absent_key_is_false_for_positive_and_true_for_negated_operators(base: str):
    negated = OPERATORS[base].negated
    assert decide(base, "1", None) is negated
    assert decide(f"{base}IfExists", "1", None) is True
    assert decide(f"ForAllValues:{base}", "1", None) is True
    assert decide(f"ForAnyValue:{base}", "1", None) is False


@pytest.mark.parametrize("base", [name for name in BASES if "Not" in name])
def test_a_negated_operator_is_the_contrary_of_its_positive_one(base: str):
    positive = base.replace("Not", "")
    for wanted, got in [("10", "10"), ("10", "11"), ("10.0.0.0/8", "10.1.2.3"), ("arn:aws:s3:::b", "arn:aws:s3:::b")]:
        plain, contrary = decide(positive, wanted, got), decide(base, wanted, got)
        assert contrary is None or contrary is not plain


def test_null_asks_for_presence():
    assert decide("Null", "true", None) is True
    assert decide("Null", "true", ()) is True
    assert decide("Null", "false", "x") is True
    assert decide("Null", "true", UNKNOWN) is None
    assert decide("Null", "true", UNKNOWN_PRESENT) is False
    assert decide("Null", ["true", "false"], UNKNOWN) is True


@pytest.mark.parametrize("text", ["StringMatches", "stringequals", "ForSomeValues:StringEquals", "NullIfExists", "ForAllValues:Null", ""])
def test_an_operator_that_aws_does_not_have_is_not_guessed(text: str):
    assert read_operator(text) is None
    assert decide(text, "x", "x") is None


def test_several_values_without_set_operator_hold_only_where_all_agree():
    assert decide("StringEquals", "a", ("a", "a")) is True
    assert decide("StringEquals", "a", ("b", "c")) is False
    assert decide("StringEquals", "a", ("a", "b")) is None


@pytest.mark.parametrize(
    ("operator", "wanted", "got", "result"),
    [
        ("NumericLessThan", "10", "9.5", True),
        ("NumericGreaterThanEquals", "10", "10.0", True),
        ("NumericEquals", "1000", "1e3", True),
        ("NumericEquals", "10", "\u0661\u0660", False),
        ("DateLessThan", "2026-03-02T09:30:00+02:00", "2026-03-02T07:29:59Z", True),
        ("DateEquals", "1772436600", "2026-03-02T07:30:00.000Z", True),
        ("DateGreaterThan", "2026-03-02", "2026-03-02T00:00:01Z", True),
        ("DateNotEquals", "yesterday", "2026-03-02", None),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.7"], "192.0.2.7", True),
        ("NotIpAddress", "10.0.0.0/8", "AWS Internal", None),
        ("NotIpAddress", ["10.0.0.0/8", "nonsense"], "10.0.0.1", False),
        ("IpAddress", "2001:db8::/32", "2001:db8:1::1", True),
        ("Bool", "true", "True", True),
        ("Bool", "false", "no", False),
        ("BinaryEquals", "QQ==", "no base64!", False),
        ("StringLike", "a?c*", "abcd", True),
        ("StringNotLike", ["x*", "y*"], "abc", True),
        ("StringEqualsIgnoreCase", "É", "é", True),
        ("ArnNotLike", "no arn", "arn:aws:s3:::b", None),
    ],
)
def test_values_compare_by_their_type(operator: str, wanted: str | list[str], got: str, result):
    assert decide(operator, wanted, got) is result


@pytest.mark.parametrize(
    ("operator", "wanted", "got", "user", "result"),
    [
        ("StringEquals", "${aws:username}", "alice", "alice", True),
        ("StringLike", "home/${aws:username}/*", "home/alice/x", "alice", True),
        ("StringLike", "home/${aws:username}/*", "home/bob/x", "*", False),
        ("StringEquals", "${aws:username}", "alice", None, False),
        ("StringNotEquals", "${aws:username}", "alice", None, True),
        ("StringEquals", "${aws:username, 'nobody, yet'}", "nobody, yet", None, True),
        ("StringEquals", "${aws:username}", "alice", UNKNOWN, None),
        ("StringLike", "home/${aws:username}/*", "work/alice/x", UNKNOWN, False),
        ("StringNotLike", "home/${aws:username}/*", "work/alice/x", UNKNOWN, True),
        ("ArnLike", "${aws:username}", "arn:aws:s3:::b", UNKNOWN, None),
        ("StringEquals", "a${*}", "a*", None, True),
        ("StringLike", "a${*}", "ab", None, False),
        ("StringLike", "a${?}${$}", "a?$", None, True),
        ("ArnLike", "arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::111122223333:user/alice", "alice", True),
        ("NumericEquals", "${aws:username}", "10", "10", False),
    ],
)
def test_variables_stand_for_values(operator: str, wanted: str, got: str, user: KeyValue, result):
    assert decide(operator, wanted, got, **{"aws:username": user}) is result


def test_without_version_2012_10_17_a_variable_is_literal_text():
    condition = Condition(operator="StringEquals", key="k", values=("${aws:username}",))
    assert holds(condition, {"k": "${aws:username}", "aws:username": "alice"}, variables=False) is True
