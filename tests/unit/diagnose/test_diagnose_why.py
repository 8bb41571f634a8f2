"""Triage as data: why it is this bucket and no other, and what settles it."""

from typing import get_args

import pytest

import undeny
from undeny.diagnose import triage
from undeny.diagnose.model import Bucket


def test_every_bucket_has_a_line_with_its_source_and_what_to_look_at_next():
    assert {row.speaks_for for row in triage.TABLE} == set(get_args(Bucket)) - {"unknown"}
    assert all(row.source.startswith("https://") and row.next and row.speaks_for not in row.rules_out for row in triage.TABLE)


@pytest.mark.parametrize(
    ("text", "bucket", "why"),
    [
        ("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", "permission", "neither network nor quota"),
        (
            'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sts.us-east-1.amazonaws.com/"',
            "network",
            "no request id",
        ),
        ("InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.", "propagation", "do not edit"),
        (
            "An error occurred (ThrottlingException) when calling the LookupEvents operation: Rate exceeded",
            "quota",
            "before it asked any policy",
        ),
    ],
)
def test_an_explanation_says_why_it_is_this_bucket(text, bucket, why):
    found = undeny.explain(text)
    assert found.bucket == bucket
    assert why in found.why


def test_what_settles_it_is_said_only_where_the_cause_is_not_sure():
    assert undeny.explain("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied").settles
    assert undeny.explain("An error occurred (ThrottlingException) when calling the LookupEvents operation: Rate exceeded").settles == ""


def test_a_network_answer_never_claims_that_aws_answered():
    text = (
        "operation error STS: GetCallerIdentity, https response error StatusCode: 0, RequestID: , request send failed, "
        'Post "https://sts.eu-west-1.amazonaws.com/": dial tcp 10.0.0.5:443: i/o timeout'
    )
    found = undeny.explain(text)
    assert (found.bucket, found.why) == ("network", "no status and no request id, so no policy was asked")


def test_a_switch_of_the_account_is_no_permission():
    text = (
        "An error occurred (OperationNotPermitted) when calling the ModifyImageAttribute operation: "
        "You can't publicly share this image: block public access for AMIs is enabled in this Region"
    )
    found = undeny.explain(text)
    assert (found.cause.code, found.bucket) == ("account-restriction", "account")


def test_a_session_that_is_seconds_old_is_named_where_every_policy_allows():
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}
    scenario = {
        "id": "s",
        "request": {
            "principal": "arn:aws:sts::111122223333:assumed-role/App/run",
            "action": "dynamodb:GetItem",
            "resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/t",
            "context": {"aws:TokenIssueTime": "2026-11-20T09:29:55Z"},
        },
        "policies": {
            "identity": [{"name": "p", "policy": policy}],
            **dict.fromkeys(("boundary", "session", "resource", "endpoint")),
            "scp": [],
            "rcp": [],
        },
        "now": "2026-11-20T09:30:00Z",
    }
    found = undeny.explain(scenario)
    assert found.cause.code == "propagation"
    assert "the caller's session is 5 seconds older" in found.cause.summary
