"""The pointer of AWS's access troubleshooter: console address and authorization id."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

SIDE = "after"
NEEDS = ("authorization id:",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
PATTERN = (
    r"\.? ?(?:go to https://(?P<region>[a-z0-9-]+)\.console\.[^\s]+(?: for complete details)?,? ?or )?(?:call the "
    r"getrequestauthorizationdetails api )?with the following authorization id: ?(?P<authorization_id>[\w.:/+=-]+)"
)
EXAMPLES = {
    "User: arn:aws:iam::111122223333:user/dev is not authorized to perform: s3:ListAllMyBuckets with an explicit deny in "
    "an identity-based policy: arn:aws:iam::111122223333:policy/NoList. Go to "
    "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/0a1b2c3d for complete "
    "details, or call the GetRequestAuthorizationDetails API with the following authorization id: 0a1b2c3d": {
        "authorization_id": "0a1b2c3d",
        "region": "us-east-1",
        "policy_arn": "arn:aws:iam::111122223333:policy/NoList",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each occurrence."""
    return matches(PATTERN, passage)
