"""The signature is wrong: a wrong secret key, or something on the way changed the request."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("signature we calculated", "signature not yet current", "signature expired")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"
PATTERN = r"""the request signature we calculated does not match[^\n<]{0,200}|signature (?:expired|not yet current): [^\n\"<]{0,200}"""
EXAMPLES = {
    "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we "
    "calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.": {
        "error_code": "SignatureDoesNotMatch",
        "operation": "GetCallerIdentity",
    },
    "InvalidSignatureException: Signature expired: 20261124T180411Z is now earlier than 20261124T181500Z (20261124T182000Z - 5 min.)": {
        "error_code": "InvalidSignatureException"
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
