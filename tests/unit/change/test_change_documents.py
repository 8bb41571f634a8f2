import pytest

from undeny.change.documents import data_of, differences, same

BASE = {
    "Effect": "Allow",
    "Principal": {"AWS": "111122223333"},
    "Action": "s3:GetObject",
    "Resource": ["a", "b"],
    "Condition": {"Bool": {"k": "true"}},
}


def policy(**more):
    return {"Version": "2012-10-17", "Statement": [BASE | more]}


@pytest.mark.parametrize(
    "other",
    [
        policy(Action=["s3:GetObject"]),
        policy(Resource=["b", "a"]),
        policy(Principal={"AWS": ["arn:aws:iam::111122223333:root"]}),
        policy(Condition={"Bool": {"k": [True]}}),
        {"Version": "2012-10-17", "Statement": BASE},
    ],
)
def test_another_spelling_is_the_same_policy(other):
    assert same(policy(), other)


@pytest.mark.parametrize(
    "other",
    [
        policy(Effect="Deny"),
        policy(Action="s3:PutObject"),
        policy(Resource=["a"]),
        policy(Principal={"AWS": "444455556666"}),
        policy(Principal="*"),
        policy(Condition={"Bool": {"k": "false"}}),
        policy(Condition={}),
        policy(Sid="x"),
        {"Statement": [BASE]},
        {"Version": "2012-10-17", "Statement": [BASE, BASE | {"Effect": "Deny"}]},
        None,
    ],
)
def test_another_policy_is_not_the_same(other):
    assert not same(policy(), other)
    assert not same(other, policy())


def test_nothing_is_the_same_as_nothing():
    assert same(None, None)


def test_what_is_no_json_has_no_data():
    assert data_of("{") is None
    assert data_of(None) is None


def test_the_lines_that_differ_are_shown_and_no_file_names():
    lines = differences({"a": 1, "b": 2}, {"a": 1, "b": 3})
    assert '-  "b": 2' in lines
    assert '+  "b": 3' in lines
    assert not any(line.startswith(("---", "+++")) for line in lines)
