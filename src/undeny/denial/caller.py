"""Who really called: what a session's names and tags tell of the person, machine, pod or job behind it.

Names can be chosen freely, so only those that AWS or a well-known tool makes are taken for what they are.
"""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from undeny.iam.principal import Principal

Kind = Literal["identity_center", "service_linked", "instance", "pod", "pod_identity", "task", "job", "federated", "cloudformation"]


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind a session: `says` reads after `by`, `source` is the page that tells the form of the name.

    `name` is the permission set, instance, pod's service account, task, or job's kind.
    """

    kind: Kind
    name: str
    says: str
    source: str


RESERVED = re.compile(r"AWSReservedSSO_(?P<set>.+)_(?P<hash>[0-9a-f]{16})\Z")
_SETS = "https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html"
_INSTANCE = re.compile(r"i-(?:[0-9a-f]{17}|[0-9a-f]{8})\Z")
_INSTANCES = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html"
_POD = re.compile(r"eks-(?P<cluster>.{1,}?)-(?P<pod>[a-z0-9.-]{1,12})-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_PODS = "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html"
_IRSA = "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html"
_TASK = re.compile(r"[0-9a-f]{32}\Z")
_TASKS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
_LINKED = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html"
JOBS = {
    "GitHubActions": ("a GitHub Actions job", "https://github.com/aws-actions/configure-aws-credentials"),
    "AWSCodeBuild-": ("a CodeBuild build", "https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html"),
    "AWSCloudFormation": ("CloudFormation", "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"),
}
"""Session names that tools and services write themselves, by their beginning."""


def behind(principal: str | None, context: Mapping[str, object] | None = None) -> Behind | None:
    """Give who stands behind a caller, by its ARN and the keys of its context; `None` where the names tell nothing."""
    if principal is None:
        return None
    who = Principal.parse(principal)
    told = {key.lower(): _first(value) for key, value in (context or {}).items()}
    name, session = (who.name or "").rpartition("/")[2], who.session_name or ""
    if who.kind == "federated_user":
        says = f"a user whom somebody's GetFederationToken named {who.name}"
        source = "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html"
        return Behind(kind="federated", name=who.name or "", says=says, source=source)
    if who.kind not in ("role_session", "role"):
        return None
    return _of_role(who, name, session) or _of_tags(told) or _of_session(session) or _of_subject(told)


def permission_set(role: str) -> str | None:
    """Give the permission set whose role that is: `AWSReservedSSO_NAME_HASH`, in any account of the organisation.

    >>> permission_set("AWSReservedSSO_Power_User_0123456789abcdef")
    'Power_User'
    """
    found = RESERVED.fullmatch(role.rpartition("/")[2])
    return found["set"] if found else None


def _of_role(who: Principal, name: str, session: str) -> Behind | None:
    reserved = permission_set(name)
    if reserved is not None:
        user = f", user {session}" if session else ""
        return Behind(kind="identity_center", name=reserved, says=f"Identity Center permission set {reserved}{user}", source=_SETS)
    if name.startswith("AWSServiceRoleFor") or "/aws-service-role/" in who.text:
        return Behind(kind="service_linked", name=name, says=f"an AWS service with its own role {name}", source=_LINKED)
    return None


def _of_tags(told: Mapping[str, str]) -> Behind | None:
    """Read the session tags that EKS Pod Identity sets."""
    account, space = told.get("aws:principaltag/kubernetes-service-account"), told.get("aws:principaltag/kubernetes-namespace")
    if account is None or space is None:
        return None
    cluster = told.get("aws:principaltag/eks-cluster-name")
    says = f"a pod with service account {space}/{account}" + (f" in cluster {cluster}" if cluster else "")
    return Behind(kind="pod_identity", name=f"{space}/{account}", says=says + ", through EKS Pod Identity", source=_PODS)


def _of_session(session: str) -> Behind | None:
    if _INSTANCE.fullmatch(session):
        return Behind(kind="instance", name=session, says=f"the instance {session}, or whatever runs on it", source=_INSTANCES)
    pod = _POD.fullmatch(session)
    if pod is not None:
        says = f"a pod {pod['pod']}… in cluster {pod['cluster']}, through EKS Pod Identity"
        return Behind(kind="pod_identity", name=pod["pod"], says=says, source=_PODS)
    if _TASK.fullmatch(session):
        return Behind(kind="task", name=session, says=f"the ECS task {session}", source=_TASKS)
    for beginning, (says, source) in JOBS.items():
        if session.startswith(beginning):
            kind: Kind = "cloudformation" if beginning == "AWSCloudFormation" else "job"
            return Behind(kind=kind, name=beginning.rstrip("-"), says=says, source=source)
    return None


def _of_subject(told: Mapping[str, str]) -> Behind | None:
    """Read the subject of a web identity: a Kubernetes service account, or a job of a pipeline."""
    for key, value in told.items():
        if key.endswith(":sub"):
            found = of_subject(value)
            if found is not None:
                return found
    return None


def of_subject(subject: str) -> Behind | None:
    """Give who a token's subject names.

    >>> of_subject("system:serviceaccount:shop:cart").says
    'a pod with service account shop/cart'
    """
    beginning, _, rest = subject.partition(":")
    name, _, more = rest.partition(":")
    if beginning == "repo" and more:
        source = "https://docs.github.com/en/actions/reference/security/oidc"
        return Behind(kind="job", name=name, says=f"a GitHub Actions job of {name} ({more})", source=source)
    if beginning == "project_path":
        return Behind(kind="job", name=name, says=f"a GitLab job of {name}", source="https://docs.gitlab.com/ci/cloud_services/aws/")
    space, _, account = more.partition(":")
    if (beginning, name) == ("system", "serviceaccount") and account and ":" not in account:
        return Behind(kind="pod", name=f"{space}/{account}", says=f"a pod with service account {space}/{account}", source=_IRSA)
    return None


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple | list) and value else str(value)
