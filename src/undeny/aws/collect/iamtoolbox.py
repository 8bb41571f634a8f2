"""IAM's access troubleshooter: what AWS itself recorded of one denial, kept for about a day."""

from collections.abc import Mapping
from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap

PERMISSIONS = {
    "iam:GetRequestAuthorizationDetails": (
        "what AWS recorded of a denial that bears an authorization id",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    ),
}
_TOO_SOON = ("ResourceNotFoundException",)


def details(reader: Reader, authorization_id: str, region: str | None) -> Mapping[str, Any] | Gap:
    """Read what AWS recorded of a denial, in the Region where it happened; it is there some moments after the denial, for about a day."""
    what = f"authorization details {authorization_id}"
    answer = reader.call(
        "iam-toolbox",
        "get_request_authorization_details",
        action="iam:GetRequestAuthorizationDetails",
        what=what,
        none=_TOO_SOON,
        region=region,
        authorizationId=authorization_id,
    )
    if answer is None:
        return reader.gap(Gap(what=what, why="AWS does not have them: too soon after the denial, or more than a day later"))
    return answer
