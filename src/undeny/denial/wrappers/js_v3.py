"""AWS SDK for JavaScript v3: the stack's frame that read the error names the operation."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "beside"
NEEDS = ("commanderror",)
SOURCE = "https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/welcome.html"
PATTERN = (
    r"(?<![a-z0-9])(?:de_|se_|deserializeaws_(?:restxml|restjson1?|json1_[01]|json|query|ec2))(?P<operation>[a-z][a-z0-9]+?)commanderror\b"
)
EXAMPLES = {
    "AccessDenied: Access Denied\n    at de_PutObjectTaggingCommandError (node_modules/@aws-sdk/client-s3/dist-cjs/index.js:1:2)": {
        "error_code": "AccessDenied",
        "operation": "PutObjectTagging",
        "message": "Access Denied",
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each such frame."""
    return matches(PATTERN, passage)
