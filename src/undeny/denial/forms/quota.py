"""A count or size that may not be exceeded."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("quota", "policy size", "can have up to", "maximum number", "vcpu", "limit for", "limit of", "packed size", "the limit")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
PATTERN = (
    r"cannot exceed quota for \w+: \d+|maximum policy size of \d+ bytes exceeded[^\n\"(<]{0,120}|(?:an? )?(?:\w+ ){0,3}can "
    r"have up to \d+[^\n\"<]{0,120}|you have (?:requested more vcpu capacity|reached (?:the|your) maximum number|exceeded "
    r"the (?:limit|quota))[^\n\"<]{0,240}|(?:the )?maximum number of [^\n\"(<]{3,120}|packed (?:policy )?size[^\n\"<]{0,100}"
    r"|(?:service )?quota (?:has been |was )?exceeded[^\n\"<]{0,120}|limit (?:for|of) [^\n\"(<]{2,60} (?:has been |was |is "
    r")?(?:exceeded|reached)[^\n\"(<]{0,60}"
)
EXAMPLES = {
    "Error: assume role policy: LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048": {"error_code": "LimitExceeded"},
    "CREATE_FAILED AWS::IAM::Policy FunctionPolicy Maximum policy size of 10240 bytes exceeded for role "
    "orders-123456789012-role (Service: AmazonIdentityManagement; Status Code: 409; Error Code: LimitExceeded)": {
        "error_code": "LimitExceeded",
        "http_status": 409,
    },
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
