"""What AWS's access troubleshooter says of one denial: `iam-toolbox get-request-authorization-details`."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.denial.details import denial_of_details
from undeny.denial.model import Denial

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
EXAMPLES = (
    {
        "requestContext": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/App"},
        "evaluations": [{"action": "s3:GetObject", "evaluatedEffect": "IMPLICIT_DENY"}],
    },
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know it by its evaluations."""
    return isinstance(value.get("evaluations"), list | tuple)


def read(value: Mapping[str, Any]) -> Iterator[Denial | None]:
    """Give a denial for each evaluation that denied."""
    yield from denial_of_details(value)
