"""KMS on a ciphertext whose key is missing, in another Region, or closed: which of them it will not say."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("ciphertext refers to a",)
SOURCE = "https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html"
PATTERN = r"""the ciphertext refers to a (?:customer master key|kms key|aws kms key)[^\n\"<]{0,160}?(?:allowed to access|\bregion)\.?"""
EXAMPLES = {
    "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a customer "
    "master key that does not exist, does not exist in this region, or you are not allowed to access.": {
        "error_code": "AccessDeniedException",
        "operation": "Decrypt",
        "action": None,
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
