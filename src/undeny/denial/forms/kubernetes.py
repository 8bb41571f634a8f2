"""Kubernetes' own authentication and RBAC: an access entry or aws-auth, not an IAM policy."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("must be logged in to the server", "in api group")
SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html"
PATTERN = (
    r"you must be logged in to the server(?: \([^)\n]{0,120}\))?|user [\"'\u201d](?:(?P<principal>arn:[^\"'\u201d\s]{1,300})"
    r"|[^\"'\u201d\n]{1,300})[\"'\u201d] cannot "
    r"\w+ resource [\"'\u201d][^\"'\u201d\n]+[\"'\u201d] in api group[^\n<]{0,200}"
)
EXAMPLES = {
    "error: You must be logged in to the server (Unauthorized)": {"action": None},
    'Error from server (Forbidden): pods is forbidden: User "dev" cannot list resource "pods" in API group "" in the namespace "default"': {
        "action": None
    },
    'nodes is forbidden: User "arn:aws:iam::111122223333:user/dev" cannot list resource "nodes" in API group "" at the cluster scope': {
        "principal": "arn:aws:iam::111122223333:user/dev"
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
