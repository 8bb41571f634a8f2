"""The object version is locked."""

from undeny.diagnose import facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="object-lock",
    bucket="permission",
    title="S3 Object Lock keeps the object version",
    text="""Object Lock keeps a version until its retention ends or its legal hold is lifted. In compliance mode nobody can shorten
that, not even the root user; in governance mode only who has s3:BypassGovernanceRetention and sends the header.

Signs: AccessDenied on DeleteObject with a version id, or on PutObjectRetention, by somebody with all permissions; "object is WORM
protected".

Mends it: waiting; lifting the legal hold; in governance mode s3:BypassGovernanceRetention with x-amz-bypass-governance-retention: true.

Does not: s3:DeleteObjectVersion, which is there.""",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    example="An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object protected by object "
    "lock.",
    related=("identity-missing-allow", "resource-explicit-deny"),
)
SIGNS = (
    Sign(
        says="S3 Object Lock keeps this version, the text says",
        words=(
            "protected by object lock", "worm protected", "object is locked", "wormprotected",
        ),
        weight=weights.SAID + 4,
        certainty="stated",
    ),
    Sign(
        says="S3 Object Lock may keep this version",
        words=("object lock", "objectlock", "governance retention", "legal hold"),
        operations=("deleteobject", "deleteobjects", "deleteobjectversion", "putobjectretention", "putobjectlegalhold"),
        weight=weights.WORDING + 3,
    ),
)  # fmt: skip
CHANGING = ("s3:deleteobject", "s3:deleteobjectversion", "s3:putobjectretention", "s3:putobjectlegalhold")


def look(case: Case) -> tuple[Cause, ...]:
    """By retention and hold of the version that were read, else by the wording."""
    found = [cause for cause in (_held(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _held(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() not in CHANGING:
        return None
    held = facts.settings(case, request.resource)
    retention = held.get("Retention") or {}
    until = facts.moment(retention.get("RetainUntilDate") or held.get("ObjectLockRetainUntilDate"))
    mode = retention.get("Mode") or held.get("ObjectLockMode")
    hold = (held.get("LegalHold") or {}).get("Status") or held.get("ObjectLockLegalHoldStatus")
    now = case.evidence.now
    if hold == "ON":
        return _locked("a legal hold is on this version")
    if until and (now is None or until > now):
        return _locked(f"this version is kept in {str(mode or 'some').lower()} mode until {until:%Y-%m-%d}")
    return None


def _locked(why: str) -> Cause:
    return Cause(code=INFO.code, certainty="likely", summary=f"S3 Object Lock refuses it: {why}", request=0, weight=weights.FACT + 6.0)
