"""IAM's access troubleshooter: what AWS itself recorded of one denial, kept for about a day, with the policies as they were then.

https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationDetails.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap

_API = "https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_"
PERMISSIONS = {
    "iam:GetRequestAuthorizationDetails": (
        "what AWS recorded of a denial that bears an authorization id",
        f"{_API}GetRequestAuthorizationDetails.html",
    ),
    "iam:GetRequestAuthorizationPolicy": (
        "the policies that AWS evaluated for that denial, as they were then",
        f"{_API}GetRequestAuthorizationPolicy.html",
    ),
}
_NOT_THERE = ("ResourceNotFoundException",)
WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the reads of details that are not there yet: they are written some moments after the denial."""
MOST = 100
"""Policies that are read of one denial: one call each."""


def details(
    reader: Reader,
    authorization_id: str,
    region: str | None,
    *,
    waits: Sequence[float] = (),
    sleep: Callable[[float], None] = lambda _: None,
) -> dict[str, Any] | Gap:
    """Read what AWS recorded of a denial, every page, in the Region where it happened; asked again after each of `waits` while not there.

    Each policy whose document was read has it beside as `policyDocument`; one that may not be read is a gap of the reader.
    """
    answer = _asked(reader, authorization_id, region)
    for seconds in waits:
        if answer is not None:
            break
        sleep(seconds)
        answer = _asked(reader, authorization_id, region)
    if isinstance(answer, Gap):
        return answer
    if answer is None:
        what = f"authorization details {authorization_id}"
        return reader.gap(Gap(what=what, why="AWS does not have them: too soon after the denial, or more than a day later", how=_HOW))
    return with_documents(reader, {**answer, "authorizationId": authorization_id}, region)


_HOW = "run the same command again in a minute; AWS keeps them for at least 24 hours"


def _asked(reader: Reader, authorization_id: str, region: str | None) -> dict[str, Any] | Gap | None:
    reader.forget("get_request_authorization_details")
    return reader.call(
        "iam-toolbox",
        "get_request_authorization_details",
        action="iam:GetRequestAuthorizationDetails",
        what=f"authorization details {authorization_id}",
        none=_NOT_THERE,
        region=region,
        authorizationId=authorization_id,
    )


def with_documents(reader: Reader, record: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """Read the document of each policy of a record that has none yet."""
    authorization_id = str(record.get("authorizationId") or "")
    found: dict[str, dict[str, Any]] = {}
    for policy in record.get("policies") or ():
        uri = policy.get("uri")
        if not uri or uri in found:
            continue
        document = None
        if "policyDocument" not in policy and "grantId" not in (policy.get("policySource") or {}) and len(found) < MOST:
            document = _document(reader, authorization_id, uri, region)
        found[uri] = {**policy, "policyDocument": document} if document is not None else dict(policy)
    kept = {name: value for name, value in record.items() if name not in ("ResponseMetadata", "nextToken")}
    return {**kept, "policies": list(found.values())}


def _document(reader: Reader, authorization_id: str, uri: str, region: str | None) -> Any:
    answer = reader.call(
        "iam-toolbox",
        "get_request_authorization_policy",
        action="iam:GetRequestAuthorizationPolicy",
        what=f"policy {uri} as it was at the denial",
        none=_NOT_THERE,
        region=region,
        authorizationId=authorization_id,
        policyUri=uri,
    )
    return answer.get("policyDocument") if isinstance(answer, dict) else None
