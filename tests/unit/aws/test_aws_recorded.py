import json
from datetime import UTC, datetime

import boto3
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
    """AWS's answers to the operations that the mocked AWS lacks: a mapping, an error's code, or a function of who asks and what."""
    import botocore.client

    held, call = {}, botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation not in held:
            return call(self, operation, parameters)
        held.setdefault("asked", []).append((operation, parameters))
        found = held[operation](self, parameters) if callable(held[operation]) else held[operation]
        if isinstance(found, str):
            raise ClientError({"Error": {"Code": found, "Message": "m"}, "ResponseMetadata": {}}, operation)
        return found

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    return held


def test_an_encoded_message_says_who_what_and_under_which_conditions(aws, answers):
    answers["DecodeAuthorizationMessage"] = {"DecodedMessage": json.dumps(MESSAGE)}
    denial, gaps = recorded((aws,), Denial(error_code="UnauthorizedOperation", encoded_message="blob"))
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
    denial, _ = recorded((aws,), said)
    assert denial.resource == said.resource
    assert denial.kind == "explicit"
    assert denial.context == {"ec2:instancetype": ("x",), "ec2:ResourceTag/team": ("x",)}


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidAuthorizationMessageException"])
def test_a_message_that_cannot_be_decoded_is_a_gap_and_changes_nothing(aws, answers, code):
    answers["DecodeAuthorizationMessage"] = code
    said = Denial(encoded_message="blob")
    denial, gaps = recorded((aws,), said)
    assert denial == said
    assert [gap.what for gap in gaps] == ["what the encoded authorization message says"]
    assert (gaps[0].permission == "sts:DecodeAuthorizationMessage") is (code == "AccessDenied")


@pytest.mark.parametrize("said", [Denial(), Denial(encoded_message="cut", encoded_truncated=True)])
def test_where_there_is_nothing_to_ask_with_aws_is_not_asked(said):
    assert recorded((), said) == (said, ())


def test_authorization_details_name_the_layer_the_policy_and_the_context(aws, answers):
    answers["GetRequestAuthorizationDetails"] = DETAILS
    denial, _ = recorded((aws,), Denial(authorization_id="id-1", region="us-east-1"))
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
    denial, (gap,) = recorded((aws,), said, sleep=lambda _: None)
    assert denial == said
    assert "too soon" in gap.why


def test_details_are_asked_for_again_until_they_are_there(aws, answers):
    left = ["ResourceNotFoundException", "ResourceNotFoundException", DETAILS]
    answers["GetRequestAuthorizationDetails"] = lambda *_: left.pop(0)
    slept = []
    denial, gaps = recorded((aws,), Denial(authorization_id="id-1"), sleep=slept.append)
    assert denial.action == "s3:ListBucket"
    assert gaps == ()
    assert slept == [1.0, 2.0]


def test_details_of_an_old_denial_are_asked_for_once(aws, answers):
    answers["GetRequestAuthorizationDetails"] = "ResourceNotFoundException"
    seen = datetime(2026, 11, 1, tzinfo=UTC)
    recorded((aws,), Denial(authorization_id="id-1", event_time=seen), clock=lambda: datetime(2026, 11, 3, tzinfo=UTC), sleep=pytest.fail)
    assert len(answers["asked"]) == 1


def test_each_policy_behind_the_details_is_read_once_and_stands_beside_its_name(aws, answers):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    arn = "arn:aws:organizations::444455556666:policy/o-1/service_control_policy/p-1"
    grant = {"type": "RESOURCE_BASED_POLICY", "uri": "grant-1", "policySource": {"type": "KMS_GRANT", "grantId": "g"}}
    listed = [{"type": "SERVICE_CONTROL_POLICY", "uri": arn}, {"type": "IDENTITY_BASED_POLICY", "uri": "inline-1", "inline": True}, grant]
    pages = {None: {**DETAILS, "policies": listed, "nextToken": "2"}, "2": {**DETAILS, "evaluations": [], "policies": listed}}
    answers["GetRequestAuthorizationDetails"] = lambda _, given: pages[given.get("nextToken")]
    answers["GetRequestAuthorizationPolicy"] = lambda _, given: (
        {"policyDocument": policy} if given["policyUri"] == arn else "AccessDeniedException"
    )
    denial, gaps = recorded((aws,), Denial(authorization_id="id-1"))
    assert [one.get("policyDocument") for one in denial.record["policies"]] == [policy, None, None]
    assert [given.get("policyUri") for name, given in answers["asked"] if name.endswith("Policy")] == [arn, "inline-1"]
    assert [(gap.what, gap.permission) for gap in gaps] == [
        ("policy inline-1 as it was at the denial", "iam:GetRequestAuthorizationPolicy")
    ]


def test_a_message_is_decoded_first_with_the_credentials_of_this_shell(aws, answers):
    other = boto3.Session(aws_access_key_id="AKIAOTHER", aws_secret_access_key="x", region_name="us-east-1")
    asked = []

    def decode(client, _):
        asked.append(client._request_signer._credentials.access_key)
        return "AccessDenied" if asked[-1] != "AKIAOTHER" else {"DecodedMessage": json.dumps(MESSAGE)}

    answers["DecodeAuthorizationMessage"] = decode
    denial, gaps = recorded((other,), Denial(encoded_message="blob"))
    assert asked == [aws.get_credentials().access_key, "AKIAOTHER"]
    assert denial.action == "ec2:StopInstances"
    assert gaps == ()


def test_where_nobody_may_decode_it_the_exact_command_is_there_to_hand_on(aws, answers):
    answers["DecodeAuthorizationMessage"] = "AccessDenied"
    _, (gap,) = recorded((aws,), Denial(encoded_message="blob-1"))
    command, _, needs = gap.how.partition("  # ")
    assert command == "aws sts decode-authorization-message --encoded-message blob-1 --query DecodedMessage --output text"
    assert needs.startswith("needs sts:DecodeAuthorizationMessage")
    assert "in the account whose caller was denied" in gap.why
