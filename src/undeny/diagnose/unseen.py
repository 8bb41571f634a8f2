"""What nobody read and what could still turn a missing allow round: grants, an ACL, a deny that hangs on an unknown value."""

from undeny.calls.model import Request
from undeny.decide.model import Verdict
from undeny.diagnose import acls, facts
from undeny.diagnose.model import Case, Missing
from undeny.iam.arn import Arn

READS = ("s3:getobject", "s3:getobjectversion", "s3:getobjectacl", "s3:getobjectversionacl")
"""What an object's ACL can allow. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions"""


def allows(case: Case, request: Request) -> Missing | None:
    """Give what was not read and could allow a request that the policies which were read do not; `None` where there is nothing."""
    return _grants(case, request) or _acl(case, request)


def turns(case: Case, verdict: Verdict, request: Request) -> bool:
    """Tell whether something unread could make another thing the reason of a request that lacks an allow.

    That is an unread grant or ACL, an unread key policy (which is asked first), a deny that may apply, and for a call behind the call
    the call itself, where that is not decided.
    """
    hanging = any(statement.effect == "Deny" and statement.applies is None for statement in verdict.statements)
    behind = request.role != "main" and case.verdicts[0].decision == "unknown"
    key = request.action.lower().startswith("kms:") and verdict.layers.get("resource") == "unknown"
    return hanging or behind or key or allows(case, request) is not None


def _grants(case: Case, request: Request) -> Missing | None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"""  # noqa: D400 - an address is the whole docstring
    arn = Arn.parse(request.resource)
    if arn is None or arn.service_prefix != "kms" or arn.resource_type != "key" or "Grants" in facts.settings(case, request.resource):
        return None
    return Missing(what=f"the grants of {request.resource}", how="allow kms:ListGrants to whoever reads, or give them with the scenario")


def _acl(case: Case, request: Request) -> Missing | None:
    """Name an object's ACL where it counts, which lets in whom no policy does: everyone, or another account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    """
    bucket = facts.bucket_arn(request.resource)
    if request.action.lower() not in READS or bucket is None or "Grants" in facts.settings(case, request.resource):
        return None
    held = facts.settings(case, bucket)
    counts = held.get("ObjectOwnership") or held.get("OwnershipControls") or request.principal == "anonymous"
    if acls.enforced(case) or not counts:
        return None
    return Missing(what=f"the ACL of {request.resource}", how="allow s3:GetObjectAcl to whoever reads, or give it with the scenario")
