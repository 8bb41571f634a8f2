"""Which condition keys a call carries, and which it never does."""

import pytest

from undeny import calls
from undeny.calls import Request

USER = "arn:aws:iam::111122223333:user/u"
SESSION = "arn:aws:sts::111122223333:assumed-role/App/s"


def requested(principal, action, resource, context):
    return Request(principal=principal, action=action, resource=resource, context=context)


@pytest.mark.parametrize(
    ("key", "call", "word"),
    [
        ("aws:PrincipalOrgID", ("cloudtrail.amazonaws.com", "s3:PutObject", "arn:aws:s3:::b/k", {}), "service principals"),
        ("aws:PrincipalOrgPaths", ("cloudwatch.amazonaws.com", "sns:Publish", "*", {}), "service principals"),
        ("aws:PrincipalArn", ("anonymous", "s3:GetObject", "arn:aws:s3:::b/k", {}), "anonymous"),
        ("aws:PrincipalOrgID", ("arn:aws:iam::111122223333:saml-provider/p", "sts:AssumeRoleWithSAML", "*", {}), "SAML"),
        ("aws:username", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {}), "IAM users only"),
        ("aws:SourceArn", (SESSION, "sqs:SendMessage", "*", {}), "service principal"),
        ("aws:MultiFactorAuthPresent", (USER, "ec2:DescribeInstances", "*", {}), "long-term"),
        ("aws:SourceIp", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {"aws:SourceVpce": "vpce-1"}), "aws:VpcSourceIp"),
        ("aws:SourceVpce", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {"aws:SourceIp": "203.0.113.9"}), "internet"),
        (
            "aws:ResourceTag/team",
            (SESSION, "ec2:CreateSecurityGroup", "arn:aws:ec2:us-east-1:111122223333:security-group/*", {}),
            "no tags yet",
        ),
        ("aws:ResourceTag/team", (SESSION, "kms:TagResource", "arn:aws:kms:us-east-1:111122223333:key/*", {}), "no tags yet"),
        ("aws:SourceAccount", ("events.amazonaws.com", "kms:GenerateDataKey", "*", {}), "KMS"),
        ("sts:ExternalId", ("s3.amazonaws.com", "sns:Publish", "*", {}), "does not list"),
        ("s3:prefix", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {}), "does not list"),
    ],
)
def test_a_key_that_a_call_never_carries_has_its_reason(key, call, word):
    request = requested(*call)
    reason = calls.never_carried(key, request)
    assert word in reason
    assert not reason.endswith(".")
    assert key.lower() not in {name.lower() for name in calls.carried_keys(request)}


@pytest.mark.parametrize(
    ("key", "call"),
    [
        ("aws:PrincipalOrgID", (SESSION, "s3:PutObject", "arn:aws:s3:::b/k", {})),
        ("aws:SourceArn", ("s3.amazonaws.com", "sqs:SendMessage", "*", {})),
        ("aws:MultiFactorAuthPresent", (SESSION, "ec2:DescribeInstances", "*", {})),
        ("aws:SourceIp", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {})),
        ("aws:ResourceTag/team", (SESSION, "ec2:StartInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", {})),
        ("kms:ViaService", (SESSION, "kms:Decrypt", "*", {})),
        ("iam:PassedToService", (SESSION, "iam:PassRole", "*", {})),
        ("s3:ExistingObjectTag/x", (SESSION, "s3:GetObject", "arn:aws:s3:::b/k", {})),
        ("aws:PrincipalOrgID", ("cloudtrail.amazonaws.com", "s3:PutObject", "arn:aws:s3:::b/k", {"aws:PrincipalOrgID": "o-1"})),
        ("aws:NoSuchKey", (SESSION, "s3:GetObject", "*", {})),
        (
            "token.actions.githubusercontent.com:sub",
            ("arn:aws:iam::111122223333:oidc-provider/x", "sts:AssumeRoleWithWebIdentity", "*", {}),
        ),
    ],
)
def test_a_key_that_a_call_may_carry_has_none(key, call):
    request = requested(*call)
    assert calls.never_carried(key, request) is None


def test_mfa_of_a_user_is_open_where_the_denial_does_not_tell():
    request = Request(principal=USER, action="ec2:DescribeInstances", unknown_keys=("aws:MultiFactorAuthPresent",))
    assert calls.never_carried("aws:MultiFactorAuthPresent", request) is None


def test_the_keys_of_a_call_are_its_contexts_its_actions_and_the_global_ones():
    request = Request(principal=SESSION, action="s3:PutObject", resource="arn:aws:s3:::b/k", context={"s3:x-amz-acl": "private"})
    carried = calls.carried_keys(request)
    assert {"s3:x-amz-acl", "s3:x-amz-server-side-encryption", "aws:SourceIp", "aws:PrincipalOrgID"} <= set(carried)
    assert len({name.lower() for name in carried}) == len(carried)
