import json

import pytest
from botocore.exceptions import ClientError

from undeny.aws.recorded import recorded
from undeny.denial.model import Denial

ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
INSTANCE = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1"
MESSAGE = {
    "allowed": False,
    "explicitDeny": False,
    "matchedStatements": {"items": []},
    "context": {
        "principal": {"id": "AIDAX", "name": "alice", "arn": ALICE},
        "action": "ec2:StopInstances",
        "resource": INSTANCE,
        "conditions": {
            "items": [
                {"key": "ec2:InstanceType", "values": {"items": [{"value": "t3.micro"}]}},
                {"key": "aws:Region", "values": {"items": [{"value": "us-east-1"}]}},
                {"key": "ec2:ResourceTag/team", "values": {"items": [{"value": "x"}]}},
                {"key": "ec2:Empty", "values": {"items": []}},
            ]
        },
    },
}
DETAILS = {
    "requestContext": {"aws:PrincipalArn": ALICE, "aws:SecureTransport": True, "aws:TagKeys": ["a", "b"]},
    "evaluations": [
        {"action": "s3:GetBucketLocation", "resource": "arn:aws:s3:::b", "evaluatedEffect": "ALLOW"},
        {
            "action": "s3:ListBucket",
            "resource": "arn:aws:s3:::b",
            "context": {"s3:prefix": "p/"},
            "evaluatedEffect": "EXPLICIT_DENY",
            "checks": [
                {"checkType": "PRINCIPAL", "evaluatedEffect": "ALLOW"},
                {
                    "checkType": "SERVICE_CONTROL_POLICY",
                    "evaluatedEffect": "EXPLICIT_DENY",
                    "matchedPolicies": [{"uri": "arn:aws:organizations::444455556666:policy/o-1/service_control_policy/p-1"}],
                },
            ],
        },
    ],
}


@pytest.fixture
def answers(monkeypatch):
    """AWS's answers to the two operations that the mocked AWS lacks: a mapping, or an error's code."""
    import botocore.client

    held, call = {}, botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation not in held:
            return call(self, operation, parameters)
        if isinstance(held[operation], str):
            raise ClientError({"Error": {"Code": held[operation], "Message": "m"}, "ResponseMetadata": {}}, operation)
        return held[operation]

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    return held


def test_an_encoded_message_says_who_what_and_under_which_conditions(aws, answers):
    answers["DecodeAuthorizationMessage"] = {"DecodedMessage": json.dumps(MESSAGE)}
    denial, gaps = recorded(aws, Denial(error_code="UnauthorizedOperation", encoded_message="blob"))
    assert (denial.principal, denial.action, denial.resource, denial.kind) == (ALICE, "ec2:StopInstances", INSTANCE, "implicit")
    assert denial.context == {"ec2:InstanceType": ("t3.micro",), "ec2:ResourceTag/team": ("x",)}
    assert gaps == ()


def test_what_the_denial_says_stays_and_the_record_wins_on_the_kind(aws, answers):
    answers["DecodeAuthorizationMessage"] = {"DecodedMessage": json.dumps(MESSAGE | {"explicitDeny": True})}
    said = Denial(
        encoded_message="blob",
        resource="arn:aws:ec2:us-east-1:123456789012:instance/i-2",
        kind="implicit",
        context={"ec2:instancetype": ("x",)},
    )
    denial, _ = recorded(aws, said)
    assert denial.resource == said.resource
    assert denial.kind == "explicit"
    assert denial.context == {"ec2:instancetype": ("x",), "ec2:ResourceTag/team": ("x",)}


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAuthorizationMessageException"])
def test_a_message_that_cannot_be_decoded_is_a_gap_and_changes_nothing(aws, answers, code):
    answers["DecodeAuthorizationMessage"] = code
    said = Denial(encoded_message="blob")
    denial, gaps = recorded(aws, said)
    assert denial == said
    assert [gap.what for gap in gaps] == ["the encoded authorization message"]
    assert (gaps[0].permission == "sts:DecodeAuthorizationMessage") is (code == "AccessDenied")


@pytest.mark.parametrize("said", [Denial(), Denial(encoded_message="cut", encoded_truncated=True)])
def test_where_there_is_nothing_to_ask_with_aws_is_not_asked(said):
    assert recorded(None, said) == (said, ())


def test_authorization_details_name_the_layer_the_policy_and_the_context(aws, answers):
    answers["GetRequestAuthorizationDetails"] = DETAILS
    denial, _ = recorded(aws, Denial(authorization_id="id-1", region="us-east-1"))
    assert (denial.action, denial.kind, denial.policy_type) == ("s3:ListBucket", "explicit", "service_control")
    assert denial.policy_arn.endswith("/p-1")
    assert denial.context == {
        "aws:PrincipalArn": (ALICE,),
        "aws:SecureTransport": ("true",),
        "aws:TagKeys": ("a", "b"),
        "s3:prefix": ("p/",),
    }


def test_details_that_are_not_there_yet_are_a_gap_that_says_so(aws, answers):
    answers["GetRequestAuthorizationDetails"] = "ResourceNotFoundException"
    said = Denial(authorization_id="id-1")
    denial, (gap,) = recorded(aws, said)
    assert denial == said
    assert "too soon" in gap.why
