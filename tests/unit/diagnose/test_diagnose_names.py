import pytest

from undeny.decide.model import Miss
from undeny.diagnose import keys, names

NEAR = [
    ("arn:aws:s3:::b", "arn:aws:s3:::b/k", "`/*` is missing"),
    ("arn:aws:s3:::b/*", "arn:aws:s3:::b", "not the thing itself"),
    ("arn:aws:dynamodb:us-west-2:111122223333:table/t", "arn:aws:dynamodb:us-west-2:111122223333:table/t/index/i", "`/*` is missing"),
    ("arn:aws:logs:us-east-1:111122223333:log-group:g", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", "`:*` is missing"),
    ("arn:aws:logs:us-east-1:*:", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", "ends before the resource part"),
    (
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:app",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf",
        "`-AbCdEf` is missing",
    ),
    (
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:app/*",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-AbCdEf",
        "ends in `/*`",
    ),
    ("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", "names Region `us-east-1`"),
    ("arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:444455556666:q", "names account `111122223333`"),
    ("arn:aws:s3:::b/*", "arn:aws-us-gov:s3:::b/k", "names partition `aws`"),
    ("arn:aws:iam::111122223333:role/team/App", "arn:aws:iam::111122223333:role/App", "has another path"),
    ("arn:aws:iam::111122223333:role/path/to/App", "arn:aws:iam::111122223333:role/path", "only the beginning of it"),
    ("arn:aws:s3:::b/*", "arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/k", "judged on the access point's ARN"),
    (
        "arn:aws:bedrock:*::foundation-model/*",
        "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.m",
        "judged on the `inference-profile`",
    ),
    ("arn:aws:kms:us-east-1:111122223333:alias/app", "arn:aws:kms:us-east-1:111122223333:key/1234", "judged on the `key`"),
    ("arn:aws:ec2:us-east-1:111122223333:instance/*", "*", "authorised on `*` alone"),
    ("arn:aws:dynamodb:us-east-1:111122223333:table/Orders", "arn:aws:dynamodb:us-east-1:111122223333:table/orders", "capitals count"),
]


@pytest.mark.parametrize(("wanted", "got", "said"), NEAR)
def test_a_near_miss_of_an_arn_is_told_in_words(wanted, got, said):
    entry, how = names.how_it_misses((wanted,), got)
    assert entry == wanted
    assert said in how


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("arn:aws:s3:::own-bucket/*", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/x"),
        ("arn:aws:s3:::app", "arn:aws:s3:::application/x"),
        ("arn:aws:sqs:us-east-1:111122223333:orders", "arn:aws:sqs:us-east-1:111122223333:invoices"),
    ],
)
def test_a_stranger_is_no_near_miss(wanted, got):
    assert names.how_it_misses((wanted,), got) is None


def miss(operator, key, wanted, got):
    return Miss(element="condition", operator=operator, key=key, wanted=wanted, got=got)


def test_a_condition_reads_like_a_sentence():
    encryption = miss("StringEquals", "s3:x-amz-server-side-encryption", ("aws:kms",), ("AES256",))
    assert keys.clause(encryption) == "only with `aws:kms` encryption"
    assert keys.had(encryption) == "and this call sent `AES256`"
    other = miss("NumericLessThanEquals", "s3:max-keys", ("10",), None)
    assert keys.clause(other) == "only where s3:max-keys is less than or equal to `10`"
    assert keys.had(other) == "and this call carries no s3:max-keys"


def test_a_wildcard_under_string_equals_is_named_as_the_pitfall():
    assert "StringLike" in keys.pitfall(
        miss("StringEquals", "oidc.example.com:sub", ("system:*",), ("system:x",)), "sts:AssumeRoleWithWebIdentity"
    )
    assert keys.pitfall(miss("StringLike", "oidc.example.com:sub", ("system:*",), ("other",)), "sts:AssumeRoleWithWebIdentity") is None


def test_an_arn_of_another_service_is_never_what_the_call_is_judged_on():
    wanted, how = names.how_it_misses(
        ("arn:aws:rds:us-east-1:111122223333:db:orders",), "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app"
    )
    assert wanted.startswith("arn:aws:rds:")
    assert "`rds`" in how
    assert "`rds-db`" in how
