"""What a machine tells of its credentials with nothing asked."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest

from undeny.aws.surroundings import read_token, surroundings
from undeny.aws.trusting import beside

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/Deploy"
ISSUER = "token.actions.githubusercontent.com"


def token(tmp_path, **claims):
    body = (
        base64.urlsafe_b64encode(json.dumps({"iss": f"https://{ISSUER}", "aud": "sts.amazonaws.com"} | claims).encode())
        .decode()
        .rstrip("=")
    )
    file = tmp_path / "token"
    file.write_text(f"head.{body}.signature")
    return str(file)


def look(tmp_path, environ=None, own=None, method=None, sessions=None):
    profiles = {"p": own} if own is not None else {}
    return surroundings(environ or {}, "p", profiles, sessions or {}, method=method, now=NOW, home=tmp_path)


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({"AWS_LAMBDA_FUNCTION_NAME": "orders"}, "the Lambda function orders"),
        ({"GITHUB_REPOSITORY": "octo/app"}, "a GitHub Actions job of octo/app"),
        ({"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/x"}, "a container of an ECS task"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "a pod"),
        ({}, None),
    ],
)
def test_the_environment_tells_where_the_program_runs(tmp_path, environ, place):
    assert look(tmp_path, environ).place == place


def test_a_pod_that_fell_back_to_its_nodes_role_is_told(tmp_path):
    assert "node's role" in look(tmp_path, {"KUBERNETES_SERVICE_HOST": "x"}, method="iam-role").warnings[0]
    assert look(tmp_path, {"KUBERNETES_SERVICE_HOST": "x"}, method="assume-role-with-web-identity").warnings == ()


@pytest.mark.parametrize(
    ("environ", "own", "method", "says"),
    [
        ({"AWS_PROFILE": "p"}, {}, "env", "wins over AWS_PROFILE"),
        ({}, {"role_arn": ROLE}, "shared-credentials-file", "the role was not assumed"),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"}, {}, None, "there is no token in it"),
        ({"GITHUB_ACTIONS": "true"}, {}, None, "id-token: write"),
        ({}, {"sso_session": "corp"}, "sso", "login corp is not there"),
    ],
)
def test_what_is_likely_not_meant_is_told(tmp_path, environ, own, method, says):
    assert says in " ".join(look(tmp_path, environ, own, method).warnings)


def test_the_claims_of_a_token_are_read_and_the_token_is_kept_nowhere(tmp_path):
    file = token(tmp_path, sub="repo:octo/app:ref:refs/heads/main", exp=1764000000)
    seen = look(tmp_path, {"AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": ROLE})
    assert (seen.token.issuer, seen.token.subject, seen.token.audience) == (
        ISSUER,
        "repo:octo/app:ref:refs/heads/main",
        ("sts.amazonaws.com",),
    )
    assert seen.token.says.startswith("a GitHub Actions job of octo/app")
    assert "ended at" in seen.warnings[0]
    assert "signature" not in str(seen)


def test_the_token_of_pod_identity_is_found_by_its_address(tmp_path):
    file = token(tmp_path, sub="system:serviceaccount:shop:cart", aud=["pods.eks.amazonaws.com"])
    given = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file}
    assert look(tmp_path, given).token.says == "a pod with service account shop/cart"
    assert look(tmp_path, given | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/"}).token is None


@pytest.mark.parametrize("text", ["", "a.b", "a.!!!.c", "a.W10.c", "\udcff"])
def test_what_is_no_token_is_none(tmp_path, text):
    file = tmp_path / "t"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_token(str(file)) is None


def test_the_login_of_identity_center_is_read_from_the_shared_cache(tmp_path):
    cache = tmp_path / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    (cache / f"{hashlib.sha1(b'corp', usedforsecurity=False).hexdigest()}.json").write_text('{"expiresAt": "2026-11-25T13:00:00Z"}')
    seen = look(tmp_path, own={"sso_session": "corp"}, sessions={"corp": {"sso_start_url": "https://x.awsapps.com/start"}})
    assert (seen.login.name, seen.login.start_url) == ("corp", "https://x.awsapps.com/start")
    assert seen.login.expires == datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert seen.warnings == ()


def trust(sub):
    condition = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"}, "StringLike": {f"{ISSUER}:sub": sub}}
    principal = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"}
    action = "sts:AssumeRoleWithWebIdentity"
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}]}


def test_an_immutable_subject_stands_beside_what_the_trust_policy_wants(tmp_path):
    held = read_token(token(tmp_path, sub="repo:octo@12/app@34:ref:refs/heads/main"))
    found = beside(held, ROLE, trust("repo:octo/app:*"))
    assert found.allowed is False
    (missed,) = [one for one in found.conditions if not one.holds]
    assert (missed.key, missed.wanted, missed.got) == (f"{ISSUER}:sub", ("repo:octo/app:*",), ("repo:octo@12/app@34:ref:refs/heads/main",))


def test_a_token_that_the_trust_policy_wants_is_let_in(tmp_path):
    held = read_token(token(tmp_path, sub="repo:octo/app:ref:refs/heads/main"))
    found = beside(held, ROLE, json.dumps(trust("repo:octo/app:*")))
    assert (found.allowed, found.why) == (True, None)
    assert {one.key.rpartition(":")[2]: one.holds for one in found.conditions} == {"aud": True, "sub": True}
