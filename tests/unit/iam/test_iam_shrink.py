import json

import pytest

from undeny.iam import shrink, write
from undeny.prove import equivalent

S3 = {"Effect": "Allow", "Resource": "*"}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_statements_that_differ_in_their_actions_become_one():
    found = shrink.merge(policy(S3 | {"Action": "s3:GetObject"}, S3 | {"Action": ["s3:PutObject"]}))
    assert found == policy(S3 | {"Action": ["s3:GetObject", "s3:PutObject"]})


def test_a_product_of_actions_and_resources_becomes_one_statement():
    each = [{"Effect": "Allow", "Action": f"s3:{a}Object", "Resource": f"arn:aws:s3:::b{i}/*"} for i in range(3) for a in ("Get", "Put")]
    assert len(shrink.merge(policy(*each))["Statement"]) == 1


def test_values_of_one_key_are_put_together_and_those_of_a_negated_one_are_not():
    def when(operator, value):
        return S3 | {"Action": "s3:GetObject", "Condition": {operator: {"aws:PrincipalTag/team": value}}}

    assert len(shrink.merge(policy(when("StringEquals", "a"), when("StringEquals", "b")))["Statement"]) == 1
    assert len(shrink.merge(policy(when("StringNotEquals", "a"), when("StringNotEquals", "b")))["Statement"]) == 2


def test_a_deny_is_not_merged_with_an_allow():
    assert len(shrink.merge(policy(S3 | {"Action": "s3:*"}, S3 | {"Action": "s3:*", "Effect": "Deny"}))["Statement"]) == 2


def test_an_entry_that_a_wildcard_takes_in_goes_and_a_wildcard_never_comes():
    found = shrink.merge(policy(S3 | {"Action": ["s3:GetObject", "s3:Get*", "s3:PutObject"]}))
    assert found["Statement"][0]["Action"] == ["s3:Get*", "s3:PutObject"]
    many = policy(S3 | {"Action": [f"s3:GetBucket{i}" for i in range(99)]})
    assert "*" not in json.dumps(shrink.merge(many)["Statement"][0]["Action"])


def test_a_statement_that_another_takes_in_goes():
    narrow = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::logs/a/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}},
    }
    wide = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::logs/*"}
    assert shrink.merge(policy(narrow, wide))["Statement"] == [wide]


@pytest.mark.parametrize("limit", [400, 1000, 6144])
def test_what_is_split_fits_and_says_the_same(limit):
    whole = policy(
        {"Sid": "Many", "Effect": "Allow", "Action": [f"s3:Get{i}" for i in range(300)], "Resource": "*"},
        {"Sid": "Never", "Effect": "Deny", "Action": "s3:Delete*", "Resource": [f"arn:aws:s3:::b{i}/*" for i in range(40)]},
    )
    parts = shrink.split(whole, limit)
    assert parts is not None
    assert all(write.size(part, "identity") <= limit for part in parts)
    assert equivalent(whole, policy(*(one for part in parts for one in part["Statement"]))).holds
    assert all(
        len({one["Sid"] for one in part["Statement"] if "Sid" in one}) == sum("Sid" in one for one in part["Statement"]) for part in parts
    )


def test_a_statement_that_nothing_can_cut_is_said():
    assert shrink.split(policy({"Effect": "Allow", "NotAction": [f"s3:Get{i}" for i in range(300)], "Resource": "*"}), 400) is None


def test_ids_of_statements_can_go():
    assert shrink.without_ids(policy(S3 | {"Sid": "A", "Action": "s3:GetObject"})) == policy(S3 | {"Action": "s3:GetObject"})


def test_a_policy_whose_statements_are_none_stays_as_it_is():
    broken = {"Version": "2012-10-17", "Statement": ["x"]}
    assert (shrink.merge(broken), shrink.without_ids(broken), shrink.split(broken, 9)) == (broken, broken, None)
