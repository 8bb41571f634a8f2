"""Kubernetes, not IAM, refused it."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = (
    "raw rest client",
    '"kind": "status"',
    '"kind":"status"',
    "logged in to the server",
    "kubectl",
    " resource",
    "rbac",
    "aws-auth",
    "provide credentials",
)
INFO = CauseInfo(
    code="kubernetes-rbac",
    bucket="permission",
    title="the Kubernetes side refused it",
    text="""An EKS cluster takes the IAM identity and asks its own tables: access entries or the aws-auth config map say which
Kubernetes user or group it is, roles and bindings say what that may do.

Signs: "You must be logged in to the server (Unauthorized)": the identity is not mapped; "... is forbidden: User ... cannot list
resource ...": it is mapped and has no binding.

Mends it: an access entry for the IAM role (aws eks create-access-entry, associate-access-policy), or the role in aws-auth; a binding in
the cluster.

Does not: eks:* in an IAM policy. The cluster's creator has access without an entry, others do not.""",
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    example="error: You must be logged in to the server (Unauthorized)",
    related=("wrong-principal", "trust-policy"),
)
SIGNS = (
    Sign(
        says="the cluster does not know this IAM identity: it has no access entry and is not in aws-auth",
        words=("must be logged in to the server", "the server has asked for the client to provide credentials"),
        weight=weights.SAID + 3,
    ),
    Sign(
        says="the cluster knows the identity, and no Kubernetes role lets it do this",
        words=(
            "cannot list resource", "cannot get resource", "cannot create resource", "cannot patch resource", "cannot delete resource",
            "cannot watch resource", "cannot update resource",
        ),
        weight=weights.SAID + 4,
        certainty="stated",
    ),
    Sign(
        says="the cluster does not know this IAM identity: it has no access entry and is not in aws-auth",
        words=("raw rest client", '"kind": "status"', '"kind":"status"'),
        also=("unauthorized",),
        weight=weights.SAID + 2,
        source="https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting_iam.html",
    ),
    Sign(
        says="the cluster knows the identity, and no Kubernetes role lets it do this",
        words=('"kind": "status"', '"kind":"status"'),
        also=("forbidden",),
        weight=weights.SAID + 2,
    ),
    Sign(
        says="the cluster's own access rules may refuse it",
        words=("kubectl", "rbac", "aws-auth"),
        also=("forbidden",),
        weight=weights.WORDING + 2,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording: the cluster's rules are no evidence that is read here."""
    return read(case, INFO.code, SIGNS)
