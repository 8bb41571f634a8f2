"""EC2's refusal without the sentence behind it: what was refused is in the encoded message only."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("you are not authorized to perform this operation",)
SOURCE = "https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html"
PATTERN = r"you are not authorized to perform this operation\.?(?! ?user ?:)"
EXAMPLES = {
    "UnauthorizedOperation: You are not authorized to perform this operation.\n\tstatus code: 403, request id: "
    "d001de6e-cb48-446e-a402-8fc8c67ff275": {
        "error_code": "UnauthorizedOperation",
        "request_id": "d001de6e-cb48-446e-a402-8fc8c67ff275",
        "http_status": 403,
        "action": None,
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
