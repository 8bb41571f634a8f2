"""A refusal that names the resource and nothing else (Glacier, IoT)."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("not authorized to access resource", "not authorized to access this resource:", "not authorized to access the resource")
SOURCE = "https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html"
PATTERN = r"""not authorized to access (?:the |this )?resource:? [\"'\u201d]?(?P<resource>(?:arn:[^\s\"'`<>,;)\u201d\u201e]+))"""
EXAMPLES = {
    "Not authorized to access resource arn:aws:glacier:us-east-1:111122223333:vaults/v": {
        "resource": "arn:aws:glacier:us-east-1:111122223333:vaults/v",
        "region": "us-east-1",
        "account": "111122223333",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
