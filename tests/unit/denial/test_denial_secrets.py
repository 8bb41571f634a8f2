"""Secrets are masked on reading, before anything is kept."""

import json

import msgspec
import pytest

from undeny.denial import parse
from undeny.denial.secrets import mask

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEBYaDKexampleexampleexample" + "Ab0/+" * 20 + "=="
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOm8vcjpyZWY6cmVmcy9oZWFkcy9tYWluIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
SIGNATURE = "733255ef022bec3f2a8701cd61d4b371f3f28c9f193a1f02279211d48d5193d7"
TEXTS = {
    f"export AWS_SECRET_ACCESS_KEY={SECRET}": SECRET,
    f'export AWS_SECRET_ACCESS_KEY="{SECRET}"': SECRET,
    f"$env:AWS_SESSION_TOKEN='{TOKEN}'": TOKEN,
    f"aws_secret_access_key = {SECRET}": SECRET,
    f'{{"SecretAccessKey": "{SECRET}"}}': SECRET,
    f'{{\\"secretAccessKey\\": \\"{SECRET}\\"}}': SECRET,
    json.dumps({"SecretAccessKey": SECRET}).replace("/", "\\/"): SECRET.replace("/", "\\/"),
    f"'secret_key': '{SECRET}'": SECRET,
    f"--secret-access-key {SECRET}": SECRET,
    f"<SecretAccessKey>{SECRET}</SecretAccessKey>": SECRET,
    f"<SessionToken>\n{TOKEN}\n</SessionToken>": TOKEN,
    f"AWS Secret Access Key [None]: {SECRET}": SECRET,
    f"token was {TOKEN} there": TOKEN,
    f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature={SIGNATURE}": SIGNATURE,
    f"'Authorization': b'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature={SIGNATURE}'": SIGNATURE,
    "> authorization: Bearer abcdefghijklmnop": "abcdefghijklmnop",
    "Authorization: Basic QVdTOmFiY2RlZmdo": "QVdTOmFiY2RlZmdo",
    f"WebIdentityToken={JWT}&Version=2011-06-15": JWT,
    f"jwt {JWT}": JWT,
    f"https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124&X-Amz-Signature={SIGNATURE}": SIGNATURE,
    f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={TOKEN}&a=b": TOKEN,
    "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2Feu-west-1": "%2F20261124%2Feu-west-1",
    f"x-amz-security-token: {TOKEN}": TOKEN,
    f"'X-Amz-Security-Token': b'{TOKEN}'": TOKEN,
    f"Signature:\n{SIGNATURE}": SIGNATURE,
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----": "MIIEowIBAAKCAQEA",
    "password: hunter2hunter2": "hunter2hunter2",
}


@pytest.mark.parametrize(("text", "secret"), TEXTS.items())
def test_a_secret_is_masked_and_its_label_stays(text, secret):
    masked = mask(text)
    assert secret not in masked
    assert "***" in masked
    assert masked.count("\n") == text.count("\n") or "SessionToken" in text
    assert mask(masked) == masked


@pytest.mark.parametrize("text", TEXTS)
def test_no_denial_holds_a_secret(text):
    for around in (
        f"{text}\nAccessDenied: Access Denied {text}",
        f"An error occurred (AccessDenied) when calling the GetObject operation: {text}",
    ):
        kept = msgspec.json.encode(parse(around)).decode()
        assert parse(around)
        assert TEXTS[text] not in kept


def test_the_secrets_in_an_events_parameters_are_masked():
    event = {
        "eventVersion": "1.11",
        "eventName": "AssumeRoleWithWebIdentity",
        "eventSource": "sts.amazonaws.com",
        "errorCode": "AccessDenied",
        "errorMessage": f"not accepted: {JWT}",
        "requestParameters": {
            "webIdentityToken": "opaque-token",
            "roleArn": "arn:aws:iam::111122223333:role/App",
            "nested": [{"sessionToken": "opaque"}],
            "text": f"a {TOKEN}",
        },
    }
    for source in (event, json.dumps(event)):
        (denial,) = parse(source)
        assert denial.parameters["webIdentityToken"] == "***"
        assert denial.parameters["roleArn"] == "arn:aws:iam::111122223333:role/App"
        assert denial.parameters["nested"] == [{"sessionToken": "***"}]
        assert TOKEN not in denial.parameters["text"]
        assert JWT not in denial.message


@pytest.mark.parametrize(
    "text",
    [
        "The security token included in the request is invalid.",
        "User: arn:aws:iam::111122223333:user/token is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:password-AbCdEf",
        "AKIAIOSFODNN7EXAMPLE",
        "Check your AWS Secret Access Key and signing method.",
        "token: null",
        "Error when retrieving token from sso: Token has expired and refresh failed",
    ],
)
def test_what_is_no_secret_stays(text):
    assert mask(text) == text


def test_the_mask_is_a_door_of_the_room():
    from undeny import denial

    assert denial.secrets.mask("AWS_SECRET_ACCESS_KEY=" + SECRET) == "AWS_SECRET_ACCESS_KEY=***"
    with pytest.raises(AttributeError):
        _ = denial.nothing


def test_half_a_character_becomes_a_question_mark_everywhere():
    event = {
        "eventVersion": "1.11", "eventName": "Get", "eventSource": "s3.amazonaws.com", "errorCode": "AccessDenied", "userAgent": "\ud800",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/\ud800", "userName": "\ud800"},
        "requestParameters": {"\ud800": "\ud800"}, "resources": [{"ARN": "arn:aws:s3:::\ud800"}, {"ARN": "arn:aws:s3:::b"}],
    }  # fmt: skip
    for source in (event, "AccessDenied: User: arn:aws:iam::111122223333:user/\ud800 is not authorized to perform: s3:GetObject"):
        (denial,) = parse(source)
        assert denial.principal == "arn:aws:iam::111122223333:user/?"
        msgspec.json.encode(denial)
