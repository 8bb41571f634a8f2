import pytest

from undeny.iam.principal import Principal


@pytest.mark.parametrize(
    ("text", "kind", "account", "name"),
    [
        ("arn:aws:iam::111122223333:user/team/alice", "user", "111122223333", "alice"),
        ("arn:aws:iam::111122223333:role/service-role/App", "role", "111122223333", "App"),
        ("arn:aws:sts::111122223333:assumed-role/App/i-0abc", "role_session", "111122223333", "App"),
        ("arn:aws:sts::111122223333:federated-user/bob", "federated_user", "111122223333", "bob"),
        ("arn:aws:iam::111122223333:root", "root", "111122223333", "root"),
        ("111122223333", "root", "111122223333", None),
        ("lambda.amazonaws.com", "service", None, "lambda.amazonaws.com"),
        ("ec2.amazonaws.com.cn", "service", None, "ec2.amazonaws.com.cn"),
        ("anonymous", "anonymous", None, None),
        ("cognito-identity.amazonaws.com", "web_identity", None, "cognito-identity.amazonaws.com"),
        (
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC",
            "web_identity",
            "111122223333",
            "oidc.eks.eu-west-1.amazonaws.com/id/ABC",
        ),
        ("arn:aws:iam::111122223333:saml-provider/ADFS", "saml", "111122223333", "ADFS"),
        ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1X", "oai", None, "CloudFront Origin Access Identity E1X"),
        ("AROAEXAMPLEROLEID1234:i-0abc", "unique_id", None, "AROAEXAMPLEROLEID1234"),
        ("role/voclabs", "unknown", None, None),
    ],
)
def test_a_caller_is_known_by_its_text(text: str, kind: str, account: str | None, name: str | None):
    found = Principal.parse(text)
    assert (found.kind, found.account, found.name, found.text) == (kind, account, name, text)


def test_a_session_gives_the_arn_of_its_role_in_its_partition():
    found = Principal.parse("arn:aws-cn:sts::111122223333:assumed-role/App/alice@example.com")
    assert (found.role_arn, found.session_name) == ("arn:aws-cn:iam::111122223333:role/App", "alice@example.com")


def test_a_service_linked_role_is_known_by_path_and_its_session_by_name():
    assert Principal.parse("arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS").is_service_linked_role
    assert Principal.parse("arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForECS/ecs").is_service_linked_role
    assert not Principal.parse("arn:aws:iam::111122223333:role/service-role/AWSServiceRoleForECS").is_service_linked_role
