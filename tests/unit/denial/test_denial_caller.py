"""Who stands behind a session, by the names that AWS and well-known tools make."""

import pytest

from undeny.denial.caller import behind, of_subject, permission_set

SESSION = "arn:aws:sts::111122223333:assumed-role/{}"


@pytest.mark.parametrize(
    ("arn", "kind", "says"),
    [
        (
            "AWSReservedSSO_Power_User_0123456789abcdef/dev@example.com",
            "identity_center",
            "permission set Power_User, user dev@example.com",
        ),
        ("eks-node/i-0abcdef1234567890", "instance", "the instance i-0abcdef1234567890"),
        ("cart/eks-prod-eu-cart-7d9f8-0f0e0d0c-1111-2222-3333-444455556666", "pod_identity", "in cluster prod-eu"),
        ("app/0123456789abcdef0123456789abcdef", "task", "the ECS task 0123456789abcdef0123456789abcdef"),
        ("deploy/GitHubActions", "job", "a GitHub Actions job"),
        ("build/AWSCodeBuild-1a2b", "job", "a CodeBuild build"),
        ("cfn-exec-role/AWSCloudFormation", "cloudformation", "CloudFormation"),
        ("AWSServiceRoleForAutoScaling/AutoScaling", "service_linked", "an AWS service with its own role"),
    ],
)
def test_the_names_of_a_session_tell_who_is_behind_it(arn, kind, says):
    found = behind(SESSION.format(arn))
    assert found.kind == kind
    assert says in found.says
    assert found.source.startswith("https://")


@pytest.mark.parametrize(
    "arn", [SESSION.format("App/me"), SESSION.format("App/i-web"), "arn:aws:iam::111122223333:user/i-0abc1234", None, "anonymous"]
)
def test_a_name_that_anyone_may_choose_tells_nothing(arn):
    assert behind(arn) is None


def test_a_federated_user_is_named():
    assert behind("arn:aws:sts::111122223333:federated-user/ann").kind == "federated"


def test_the_tags_of_pod_identity_and_the_subject_of_a_token_tell_more_than_the_name():
    tags = {"aws:PrincipalTag/kubernetes-namespace": ("shop",), "aws:PrincipalTag/kubernetes-service-account": ("cart",)}
    assert behind(SESSION.format("App/x"), tags).says == "a pod with service account shop/cart, through EKS Pod Identity"
    claims = {"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:shop:cart"}
    assert behind(SESSION.format("App/botocore-session-1"), claims).name == "shop/cart"


def test_subjects_of_pipelines_and_of_nobody_known():
    assert of_subject("repo:octo/app:ref:refs/heads/main").says == "a GitHub Actions job of octo/app (ref:refs/heads/main)"
    assert of_subject("project_path:group/app:ref_type:branch:ref:main").name == "group/app"
    assert of_subject("auth0|123") is None
    assert permission_set("App") is None
