"""Call on the thing that is there: the ARN in the call is not its ARN (a path lost, a name cut)."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import mend, proposals
from undeny.fix.model import CallEdit, Fix
from undeny.iam.arn import Arn

CODES = ("wrong-resource-arn", "pass-role", "not-found-hidden")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the call on the thing that the evidence knows under nearly this ARN; none where it knows no such thing."""
    request = mend.request_of(case, cause)
    if request is None or request.role == "hidden" or request.resource in case.evidence.resources:
        return ()
    real = next((text for text in case.evidence.resources if same_thing(request.resource, text)), None)
    if real is None:
        return _named_right(case, cause)
    how = f"call on {real}: that is what exists; {request.resource} does not"
    call = CallEdit(how=how, resource=real)
    return (Fix(id="", title=f"use the whole ARN, {real}", layer="call", applicability="machine_applicable", changes=(call,)),)


def same_thing(asked: str, there: str) -> bool:
    """Whether `there` is what a call on `asked` meant: an IAM thing whose path was lost, or was taken for its name.

    >>> same_thing("arn:aws:iam::111122223333:role/path", "arn:aws:iam::111122223333:role/path/to/Exec")
    True
    """
    old, new = Arn.parse(asked), Arn.parse(there)
    if old is None or new is None or asked == there or old.service_prefix != "iam" or new.service_prefix != "iam":
        return False
    if (old.account, old.resource_type) != (new.account, new.resource_type):
        return False
    return old.name == new.name or new.resource.startswith(f"{old.resource}/")


def _named_right(case: Case, cause: Cause) -> tuple[Fix, ...]:
    action = (case.requests[0].action if case.requests else case.denial.action or "").lower()
    if cause.code != "not-found-hidden" or (action.startswith("s3:") and not case.evidence.from_text):
        return ()  # for S3 there is something to grant: strategies/may_know.py
    on = case.requests[0].resource if case.requests else case.denial.resource or "it"
    how = f"check that {on} exists, spelled so, in this account and Region; a service that may not tell answers 403 instead of 404"
    return (proposals.call(how, "name a thing that exists"),)
