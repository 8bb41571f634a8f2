"""Karpenter's prefix of a failed launch."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("launching nodeclaim",)
SOURCE = "https://karpenter.sh/docs/troubleshooting/"
PATTERN = r"launching nodeclaim, creating instance, (?:with fleet error\(s\), )?"
EXAMPLES = {
    "launching nodeclaim, creating instance, with fleet error(s), UnauthorizedOperation: You are not authorized to perform "
    "this operation. Encoded Failure: AbCdEf0123456789": {
        "error_code": "UnauthorizedOperation",
        "encoded_message": "AbCdEf0123456789",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
