"""Whatever document a call sends, the answer is a cause, and a document given as mended is one that the policy language takes."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

import undeny
from undeny.iam import document as documents

WORDS = st.sampled_from(
    [
        "*",
        "s3:GetObject",
        "arn:aws:s3:::b/*",
        "AROAEXAMPLE123456",
        "",
        "Allow",
        "2012-10-17",
        "arn:aws:iam:eu-west-1:111122223333:role/x",
        "b/*",
    ]
)
NAMES = st.sampled_from(
    ["Effect", "Action", "Resource", "Principal", "Condition", "Sid", "AWS", "Service", "Version", "Statement", "StringEquals"]
)
ANYTHING = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(0, 3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
STATEMENT = st.fixed_dictionaries(
    {"Effect": st.just("Allow"), "Action": WORDS, "Resource": WORDS}, optional={"Principal": WORDS, "Sid": WORDS, "Version": WORDS}
)
CALLS = st.sampled_from(
    [
        (
            "PutRolePolicy",
            "MalformedPolicyDocumentException",
            'Partition "aws" is not valid for resource "arn:aws:s3:::b/*".',
            "policyDocument",
        ),
        ("CreateRole", "MalformedPolicyDocumentException", "Has prohibited field Resource", "assumeRolePolicyDocument"),
        ("CreatePolicy", "LimitExceededException", "Cannot exceed quota for PolicySize: 100", "policyDocument"),
        ("PutBucketPolicy", "MalformedPolicy", 'Invalid principal in policy: "AWS":"AROAEXAMPLE123456"', "bucketPolicy"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    call=CALLS,
    document=ANYTHING | st.fixed_dictionaries({"Version": WORDS, "Statement": ANYTHING | st.lists(STATEMENT, max_size=3)}),
    cut=st.none() | st.integers(0, 30),
)
def test_no_document_that_a_call_sends_is_too_odd(call, document, cut):
    operation, code, message, name = call
    text = json.dumps(document)
    event = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/Dev/x", "accountId": "111122223333"},
        "eventTime": "2026-11-20T09:30:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": operation,
        "awsRegion": "us-east-1",
        "errorCode": code,
        "errorMessage": message,
        "requestParameters": {name: text if cut is None else text[:cut], "bucketName": "b"},
    }
    found = undeny.explain(event)
    assert found.cause.code in ("malformed-policy", "policy-size-limit")
    first = found.fixes[0]
    if found.cause.code == "malformed-policy" and first.applicability == "machine_applicable":
        told = first.changes[0].how
        assert not [problem for problem in documents.read(told[told.index("{\n") :]).problems if problem.fatal]
