import re
import socket

import boto3
import pytest
from botocore.exceptions import ClientError

from undeny import __version__
from undeny.aws import session
from undeny.errors import UndenyError


def test_the_user_agent_is_undenys(aws):
    assert session.client(aws, "iam").meta.config.user_agent.startswith(f"undeny/{__version__}")


def test_documents_stay_text_on_undenys_clients_alone(aws, trust):
    aws.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=trust)
    assert isinstance(session.client(aws, "iam").get_role(RoleName="App")["Role"]["AssumeRolePolicyDocument"], str)
    assert isinstance(aws.client("iam").get_role(RoleName="App")["Role"]["AssumeRolePolicyDocument"], dict)


def test_identity_says_whose_credentials_and_where_they_are_from(aws):
    me = session.identity(session.open_session(None, "eu-west-1"))
    assert re.fullmatch(r"\d{12}", me.account)
    assert me.account in me.arn
    assert (me.method, me.region, me.profile) == ("env", "eu-west-1", None)


def test_a_profile_that_is_not_there_is_told_by_its_name(aws, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with pytest.raises(UndenyError) as caught:
        session.open_session("prod")
    assert "`prod`" in caught.value.message
    assert caught.value.exit_status == 2


def test_no_credentials_are_told_with_exit_status_3(aws, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with pytest.raises(UndenyError) as caught:
        session.open_session()
    assert (caught.value.code, caught.value.exit_status) == ("no-credentials", 3)


def test_an_endpoint_that_does_not_answer_is_told_by_its_address(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with pytest.raises(UndenyError) as caught:
        session.identity(boto3.Session(region_name="eu-west-1"))
    assert f"http://127.0.0.1:{port}" in caught.value.message
    assert (caught.value.code, caught.value.exit_status) == ("network-unreachable", 3)


@pytest.mark.parametrize(
    ("code", "told"),
    [("ExpiredToken", "expired-token"), ("ExpiredTokenException", "expired-token"), ("InvalidClientTokenId", "invalid-token")],
)
def test_credentials_that_aws_does_not_take_are_told_with_exit_status_3(code, told):
    error = session.failure(ClientError({"Error": {"Code": code, "Message": "m"}}, "GetRole"))
    assert (error.code, error.exit_status) == (told, 3)


def test_a_refusal_of_one_call_does_not_stop_the_session():
    assert session.failure(ClientError({"Error": {"Code": "AccessDenied", "Message": "m"}}, "GetRole")) is None
