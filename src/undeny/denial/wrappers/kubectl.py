"""kubectl's prefix."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("error from server",)
SOURCE = "https://kubernetes.io/docs/reference/kubectl/"
PATTERN = r"error from server \(\w+\): "
EXAMPLES = {
    'Error from server (Forbidden): pods is forbidden: User "dev" cannot list resource "pods" in API group "" in the namespace "default"': {
        "action": None
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
