"""CloudFormation's older line: the API call, then the service's sentence."""

from collections.abc import Iterator

from undeny import catalog
from undeny.denial.found import Found, Passage, matches

SIDE = "before"
NEEDS = ("api:",)
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"
PATTERN = r"(?<![\w-])api: (?P<service>[a-z0-9-]+):(?P<operation>\w+) "
EXAMPLES = {
    "API: iam:CreateRole User: arn:aws:iam::111122223333:user/dev is not authorized to perform: iam:CreateRole on "
    "resource: arn:aws:iam::111122223333:role/app with an explicit deny": {
        "service": "iam",
        "operation": "CreateRole",
        "kind": "explicit",
        "action": "iam:CreateRole",
    },
    "API: s3:CreateBucket Access Denied": {"service": "s3", "operation": "CreateBucket", "action": "s3:CreateBucket"},
}


def find(passage: Passage) -> Iterator[Found]:
    """Find each call; where IAM has an action of that name, it is what was refused, though the service's own sentence has precedence."""
    for found in matches(PATTERN, passage):
        name = f"{found.facts['service']}:{found.facts['operation']}"
        action = catalog.action(name)
        yield Found(found.start, found.end, {**found.facts, "action": action.name} if action else found.facts)
