"""Texts of every bucket that the rules were first tried on unseen (`tests/data/README.md` has the figures of that first run)."""

import json
from collections import defaultdict
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

import undeny
from undeny.denial.model import Denial
from undeny.diagnose import limits

DATA = Path(__file__).parents[2] / "data"
ROWS = [json.loads(line) for line in (DATA / "heldout_triage.jsonl").read_text("utf-8").splitlines()]

SCENARIOS = [json.loads(line) for line in (DATA / "heldout_evidence.jsonl").read_text("utf-8").splitlines()]


@cache
def explained():
    return [(row, undeny.explain(row["input"])) for row in ROWS]


def right(row, code):
    return any(fnmatchcase(code, wanted) for wanted in row["expect"]["codes"])


def test_a_text_of_any_bucket_is_put_into_it():
    held = defaultdict(list)
    for row, found in explained():
        held[row["expect"]["bucket"]].append(found.bucket in (row["expect"].get("buckets") or [row["expect"]["bucket"]]))
    assert sum(sum(one) for one in held.values()) / len(ROWS) >= 0.97
    assert {bucket: sum(one) / len(one) for bucket, one in held.items() if sum(one) / len(one) < 0.9} == {}


def test_the_cause_of_such_a_text_is_named_first():
    assert sum(right(row, found.cause.code) for row, found in explained()) / len(ROWS) >= 0.95


def test_no_such_text_is_wrongly_called_stated_and_none_proven():
    assert [row["id"] for row, found in explained() if found.cause.certainty == "proven"] == []
    assert [row["id"] for row, found in explained() if found.cause.certainty == "stated" and not right(row, found.cause.code)] == []


def test_a_connection_that_got_no_answer_is_never_called_a_permission():
    silent = [found for row, found in explained() if row["expect"]["bucket"] == "network" and not row["expect"].get("buckets")]
    assert silent
    assert {found.bucket for found in silent} == {"network"}


def test_an_answer_with_a_request_id_is_never_called_the_network():
    answered = [(row["id"], found.bucket) for row, found in explained() if found.denial.request_id]
    assert answered
    assert [row for row, bucket in answered if bucket == "network"] == []


@pytest.mark.parametrize(
    ("service", "message", "rate"),
    [
        ("Cost Explorer", "", True),
        ("ecr", "", False),
        ("DynamoDB", "Subscriber limit exceeded: Only 10 tables can be created, updated, or deleted simultaneously", True),
        ("DynamoDB", "Subscriber limit exceeded: There is a limit of 256 tables per subscriber", False),
        (None, "Rate exceeded", True),
        (None, "", False),
    ],
)
def test_a_limit_is_a_rate_by_its_message_else_by_what_the_service_means(service, message, rate):
    assert limits.is_rate(Denial(error_code="LimitExceededException", service=service, message=message)) == rate


@pytest.mark.parametrize("row", SCENARIOS, ids=[row["id"] for row in SCENARIOS])
def test_the_cause_of_such_a_scenario_is_named_first(row):
    found = undeny.explain(row["input"])
    assert right(row, found.cause.code), (row["note"], found.cause.summary)
    assert found.bucket in (row["expect"].get("buckets") or [row["expect"]["bucket"]])


NOISE = "throttling limit quota timeout connection timed out internal error insufficient capacity security group"


@pytest.mark.parametrize(
    "action",
    [
        "servicequotas:RequestServiceQuotaIncrease", "lambda:PutFunctionConcurrency", "ec2:CreateNetworkAclEntry", "health:DescribeEvents",
        "s3:PutObjectLegalHold", "s3:PutBucketPublicAccessBlock", "organizations:ListAccounts", "iam:UpdateAccessKey", "kms:CreateGrant",
    ],
)  # fmt: skip
def test_words_of_other_buckets_in_a_denial_make_nothing_else_of_it(action):
    operation = action.partition(":")[2]
    arn = f"arn:aws:x:eu-west-1:111122223333:quota-limit-exceeded/timeout/expired-token/{operation}"
    sentence = f"User: arn:aws:iam::111122223333:user/a is not authorized to perform: {action} on resource: {arn}"
    for text in (
        f"{sentence} because no identity-based policy allows the {action} action",
        f"An error occurred (AccessDeniedException) when calling the {operation} operation: You are not authorized: {NOISE}",
        f"An error occurred (AccessDenied) when calling the {operation} operation: Access Denied. {NOISE}",
    ):
        found = undeny.explain(text)
        assert found.bucket == "permission", text
        assert found.cause.certainty != "proven"


@pytest.mark.parametrize("host", ["accessdenied-logs.s3", "denied.s3", "forbidden-policy.execute-api", "unauthorized.sqs", "iam"])
def test_a_connection_without_an_answer_stays_one_whatever_the_host_is_called(host):
    text = f'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://{host}.eu-west-1.amazonaws.com/"'
    assert undeny.explain(text).bucket == "network"
