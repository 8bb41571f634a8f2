"""CloudTrail events and what holds them."""

import base64
import gzip
import json

import pytest

from undeny.denial import parse
from undeny.denial.events import operation_of

SENTENCE = (
    "User: arn:aws:sts::111122223333:assumed-role/App/s is not authorized to perform: s3:GetObject on resource: "
    '"arn:aws:s3:::b/k" because no VPC endpoint policy allows the s3:GetObject action'
)


def event(**changes):
    base = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:s",
            "arn": "arn:aws:sts::111122223333:assumed-role/App/s",
            "accountId": "111122223333",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/team/App", "accountId": "111122223333"},
                "attributes": {"mfaAuthenticated": "false", "creationDate": "2026-11-24T17:00:00Z"},
            },
        },
        "eventTime": "2026-11-24T18:04:11Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "[aws-cli/2.1]",
        "errorCode": "AccessDenied",
        "errorMessage": SENTENCE,
        "requestParameters": {"bucketName": "b", "key": "k"},
        "requestID": "R1",
        "eventID": "e1",
        "recipientAccountId": "444455556666",
    }
    return {key: value for key, value in (base | changes).items() if value is not ...}


def identity(**fields):
    return parse(event(userIdentity=fields, errorMessage="Access Denied"))[0]


def test_an_event_gives_who_what_where_and_when():
    (denial,) = parse(event())
    assert denial.principal == "arn:aws:sts::111122223333:assumed-role/App/s"
    assert (denial.principal_type, denial.session_issuer) == ("AssumedRole", "arn:aws:iam::111122223333:role/team/App")
    assert (denial.action, denial.resource, denial.policy_type) == ("s3:GetObject", "arn:aws:s3:::b/k", "vpc_endpoint")
    assert (denial.operation, denial.service, denial.event_source) == ("GetObject", "s3", "s3.amazonaws.com")
    assert (denial.region, denial.account, denial.recipient_account) == ("eu-west-1", "111122223333", "444455556666")
    assert denial.event_time.isoformat() == "2026-11-24T18:04:11+00:00"
    assert (denial.event_id, denial.request_id, denial.source_ip) == ("e1", "R1", "203.0.113.9")
    assert denial.parameters == {"bucketName": "b", "key": "k"}


def test_an_event_proves_its_context_keys_and_no_others():
    (denial,) = parse(event(tlsDetails={"tlsVersion": "TLSv1.3"}))
    assert denial.context == {
        "aws:SourceIp": ("203.0.113.9",),
        "aws:UserAgent": ("aws-cli/2.1",),
        "aws:SecureTransport": ("true",),
        "aws:MultiFactorAuthPresent": ("false",),
        "aws:TokenIssueTime": ("2026-11-24T17:00:00Z",),
        "aws:userid": ("AROAEXAMPLE:s",),
        "aws:RequestedRegion": ("eu-west-1",),
    }


def test_through_an_endpoint_the_address_is_the_one_inside_the_vpc():
    (denial,) = parse(event(vpcEndpointId="vpce-1", sourceIPAddress="10.0.0.5"))
    assert denial.vpc_endpoint_id == "vpce-1"
    assert denial.context["aws:VpcSourceIp"] == ("10.0.0.5",)
    assert denial.context["aws:SourceVpce"] == ("vpce-1",)
    assert "aws:SourceIp" not in denial.context


def test_a_services_name_in_place_of_the_address_is_who_called():
    (denial,) = parse(event(sourceIPAddress="cloudformation.amazonaws.com", userAgent="cloudformation.amazonaws.com"))
    assert (denial.source_ip, denial.invoked_by) == (None, "cloudformation.amazonaws.com")
    assert "aws:SourceIp" not in denial.context
    assert "aws:UserAgent" not in denial.context


@pytest.mark.parametrize(
    ("fields", "principal", "account"),
    [
        ({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a", "accountId": "111122223333", "userName": "a"}, "arn:aws:iam::111122223333:user/a", "111122223333"),
        ({"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}, "arn:aws:iam::111122223333:root", "111122223333"),
        ({"type": "FederatedUser", "arn": "arn:aws:sts::111122223333:federated-user/f", "accountId": "111122223333"}, "arn:aws:sts::111122223333:federated-user/f", "111122223333"),
        ({"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "lambda.amazonaws.com", None),
        ({"type": "AWSAccount", "principalId": "AROAEXAMPLE:s", "accountId": "444455556666"}, "AROAEXAMPLE:s", "444455556666"),
        ({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}, "anonymous", None),
        ({"type": "WebIdentityUser", "principalId": "arn:x:aud:sub", "userName": "sub", "identityProvider": "cognito-identity.amazonaws.com"}, "cognito-identity.amazonaws.com", None),
        ({"type": "SAMLUser", "principalId": "x:y", "identityProvider": "arn:aws:iam::111122223333:saml-provider/Idp"}, "arn:aws:iam::111122223333:saml-provider/Idp", "111122223333"),
        ({"type": "IdentityCenterUser", "accountId": "111122223333", "onBehalfOf": {"userId": "u"}}, None, "111122223333"),
        ({"type": "Unknown"}, None, None),
        ({}, None, None),
    ],
)  # fmt: skip
def test_every_type_of_identity_is_named_as_far_as_it_is_told(fields, principal, account):
    denial = identity(**fields)
    assert (denial.principal, denial.principal_type) == (principal, fields.get("type"))
    assert denial.account == account


def test_the_one_who_was_judged_is_the_principal_also_where_another_called():
    message = "'arn:aws:iam::111122223333:role/machine' is not authorized to create managed-rule."
    (denial,) = parse(event(errorMessage=message, eventSource="states.amazonaws.com", eventName="CreateStateMachine"))
    assert denial.principal == "arn:aws:iam::111122223333:role/machine"


def test_successful_events_give_no_denial():
    assert parse(event(errorCode=..., errorMessage=...)) == ()
    assert parse({"Records": [event(errorCode=..., errorMessage=...), event()]}) == parse(event())


def test_the_apis_date_is_stripped_and_other_digits_stay():
    for name in ("CreateFunction20150331", "CreateFunction20150331v2", "CreateFunction2020_05_31"):
        assert operation_of(name) == "CreateFunction"
    for name in (
        "ListObjectsV2",
        "GetEC2RecommendationProjectedMetrics",
        "Run2040",
        "DescribeDBClusters",
        "Create20201",
        "AssociateVPCWithHostedZone",
    ):
        assert operation_of(name) == name


def test_resources_are_kept_and_the_only_one_is_the_resource():
    (denial,) = parse(
        event(errorMessage="Access Denied", resources=[{"ARN": "arn:aws:kms:eu-west-1:111122223333:key/k", "accountId": "1"}])
    )
    assert (denial.resource, denial.resources) == ("arn:aws:kms:eu-west-1:111122223333:key/k", ())
    (denial,) = parse(event(errorMessage="Access Denied", resources=[{"ARN": "arn:aws:s3:::b/k"}, {"ARN": "arn:aws:s3:::b"}]))
    assert (denial.resource, denial.resources) == (None, ("arn:aws:s3:::b/k", "arn:aws:s3:::b"))


def test_a_network_activity_event_names_the_endpoints_policy():
    (denial,) = parse(
        event(
            errorCode="VpceAccessDenied",
            errorMessage="The request was denied due to a VPC endpoint policy",
            eventCategory="NetworkActivity",
            vpcEndpointId="vpce-1",
        )
    )
    assert (denial.error_code, denial.policy_type, denial.kind) == ("VpceAccessDenied", "vpc_endpoint", None)


def test_an_event_that_is_no_refusal_still_says_its_code():
    (denial,) = parse(event(errorCode="ThrottlingException", errorMessage="Rate exceeded"))
    assert (denial.error_code, denial.message) == ("ThrottlingException", "Rate exceeded")


@pytest.mark.parametrize(
    "wrapped",
    [
        {"Records": [event()]},
        {"detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "detail": event()},
        {"Events": [{"EventId": "e1", "CloudTrailEvent": json.dumps(event())}]},
        {"EventId": "e1", "CloudTrailEvent": json.dumps(event())},
        {"logEvents": [{"message": json.dumps(event())}]},
        {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps({"logEvents": [{"message": json.dumps(event())}]}).encode())).decode()}},
        {"Records": [{"body": json.dumps({"detail": event()})}]},
        {"Records": [{"Sns": {"Message": json.dumps({"detail": event()})}}]},
        {"id": "x", "policies": {}, "event": event()},
        {"QueryResultRows": [[{key: value if isinstance(value, str) else json.dumps(value)} for key, value in event().items()]]},
        {key.lower(): value if isinstance(value, str) else json.dumps(value) for key, value in event().items()},
    ],
)  # fmt: skip
def test_an_event_is_the_same_in_every_envelope(wrapped):
    assert parse(wrapped) == parse(event())
    assert [denial.event_id for denial in parse(json.dumps(wrapped))] == ["e1"]


def test_a_row_of_athena_has_structures_as_text():
    (denial,) = parse(
        {
            "eventname": "GetObject",
            "eventsource": "s3.amazonaws.com",
            "errorcode": "AccessDenied",
            "errormessage": "Access Denied",
            "eventtime": "2026-11-24T18:04:11Z",
            "requestparameters": '{"bucketName":"b"}',
            "useridentity": "{type=AssumedRole, principalid=AROA:s, arn=arn:aws:sts::111122223333:assumed-role/App/s, accountid=111122223333, invokedby=null, "
            "sessioncontext={attributes={mfaauthenticated=true, creationdate=2026-11-24T17:00:00Z}, sessionissuer={type=Role, arn=arn:aws:iam::111122223333:role/App}}}",
        }
    )
    assert (denial.principal, denial.session_issuer) == (
        "arn:aws:sts::111122223333:assumed-role/App/s",
        "arn:aws:iam::111122223333:role/App",
    )
    assert denial.context["aws:MultiFactorAuthPresent"] == ("true",)
    assert denial.parameters == {"bucketName": "b"}


def test_the_rows_of_an_athena_answer_are_read_by_their_header():
    answer = {
        "ResultSet": {
            "Rows": [
                {"Data": [{"VarCharValue": value} for value in row]} for row in (["eventname", "errorcode"], ["GetObject", "AccessDenied"])
            ]
        }
    }
    assert [(denial.operation, denial.error_code) for denial in parse(answer)] == [("GetObject", "AccessDenied")]


def test_an_event_inside_a_log_is_found_with_its_line():
    text = f"Nov 24 18:04:12 forwarder: one line before\nNov 24 18:04:12 forwarder: {json.dumps(event())}\nAccessDenied: Access Denied\n"
    assert [(denial.line, denial.event_id) for denial in parse(text)] == [(2, "e1"), (3, None)]


def test_authorization_details_give_context_action_and_the_policy_that_denied():
    document = {
        "requestContext": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/App", "aws:SourceIp": "203.0.113.9", "aws:TagKeys": ["a", "b"], "aws:SecureTransport": True},
        "evaluations": [
            {"action": "s3:ListAllMyBuckets", "resource": "*", "evaluatedEffect": "ALLOW"},
            {
                "action": "s3:GetObject",
                "resource": "arn:aws:s3:::b/k",
                "evaluatedEffect": "EXPLICIT_DENY",
                "context": {"s3:signatureversion": "AWS4-HMAC-SHA256"},
                "checks": [
                    {"checkType": "PRINCIPAL", "evaluatedEffect": "ALLOW"},
                    {"checkType": "SERVICE_CONTROL_POLICY", "evaluatedEffect": "EXPLICIT_DENY", "matchedPolicies": [{"uri": "arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-1"}]},
                ],
            },
        ],
    }  # fmt: skip
    (denial,) = parse(document)
    assert (denial.action, denial.resource, denial.principal) == ("s3:GetObject", "arn:aws:s3:::b/k", "arn:aws:iam::111122223333:role/App")
    assert (denial.kind, denial.policy_type) == ("explicit", "service_control")
    assert denial.policy_arn.endswith("/p-1")
    assert denial.context == {
        "aws:PrincipalArn": ("arn:aws:iam::111122223333:role/App",),
        "aws:SourceIp": ("203.0.113.9",),
        "aws:TagKeys": ("a", "b"),
        "aws:SecureTransport": ("true",),
        "s3:signatureversion": ("AWS4-HMAC-SHA256",),
    }


def test_an_sdks_error_response_is_read_as_a_mapping():
    (denial,) = parse(
        {
            "Error": {"Code": "AccessDenied", "Message": "Access Denied"},
            "ResponseMetadata": {"RequestId": "R1", "HostId": "h=", "HTTPStatusCode": 403},
        }
    )
    assert (denial.error_code, denial.message, denial.request_id, denial.host_id, denial.http_status) == (
        "AccessDenied",
        "Access Denied",
        "R1",
        "h=",
        403,
    )
