"""Let in the service that acts for the caller: in the trust of the role it was given, or in the policy of the key that it uses.

What the text tells of is no request of the caller's own: so the requests of the service are put to the policies here.
"""

from collections.abc import Iterator

import msgspec

from undeny import decide
from undeny import evidence as evidence_room
from undeny.calls.model import Request
from undeny.diagnose.model import Case, Cause
from undeny.fix import grants, mend, requests
from undeny.fix.carry import with_edits
from undeny.fix.complete import merged
from undeny.fix.grants import Grant
from undeny.fix.model import Edit, Fix
from undeny.iam.arn import Arn

CODES = ("trust-policy", "kms-key-policy")
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html#iam-term-service-role"
_KEY = ("kms:DescribeKey", "kms:CreateGrant")
"""What a service asks of a key that it is to use later, for the caller: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"""


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the statement for the service; none where every request of the call says already what is missing."""
    if case.evidence.from_text or not case.requests or case.failing is not None:
        return ()
    asked = tuple(_of_role(case, cause) if cause.code == "trust-policy" else _of_key(case))
    changes: tuple[Edit, ...] = ()
    found: list[Grant] = []
    for one in asked:
        now = with_edits(case, changes)
        verdict = decide.decide(one, now.evidence, main=case.requests[0])
        grant = grants.resource(now, one) if "resource" in verdict.blocked_by and verdict.decision == "implicitly_denied" else None
        if grant is not None:
            found.append(grant)
            changes = merged((*changes, *grant.edits))
    if not found:
        return ()
    who, what = requests.in_policies(asked[0]), requests.short(found[0].edits[0].target)
    actions = " and ".join(opened[0] for grant in found for opened in grant.opens)
    fix = grants.as_fix(found[0], f"let {who} call {actions}, in the policy of {what}", "resource")
    return (
        msgspec.structs.replace(
            fix,
            changes=changes,
            grants=tuple(opened for grant in found for opened in grant.opens),
            applicability="maybe_incorrect",
            assumes=(*fix.assumes, f"the service needs {actions}: the text does not name the call that it makes"),
            message="\n\n".join(g.message for g in found if g.message) or None,
        ),
    )


def _of_role(case: Case, cause: Cause) -> Iterator[Request]:
    """Give the service's own AssumeRole, for the role that the call passed to it."""
    passed = mend.request_of(case, cause)
    service = requests.text(passed, "iam:PassedToService") if passed else None
    if passed is not None and service is not None and evidence_room.find(case.evidence.resources, passed.resource):
        yield Request(
            principal=service, action="sts:AssumeRole", resource=passed.resource, resource_account=passed.resource_account, role="hidden"
        )


def _of_key(case: Case) -> Iterator[Request]:
    """Give what a service asks of the key that the text names, for the caller."""
    text, main = case.denial.text or case.denial.message or "", case.requests[0]
    key = next((arn for arn in case.evidence.resources if arn in text and ":key/" in arn), None)
    arn = Arn.parse(key) if key else None
    if key is None or arn is None:
        return
    via = {"kms:ViaService": f"{main.action.partition(':')[0]}.{arn.region}.amazonaws.com"}
    for action in _KEY:
        granted = {"kms:GrantIsForAWSResource": "true"} if action == "kms:CreateGrant" else {}
        yield Request(
            principal=main.principal, action=action, resource=key, resource_account=arn.account, context=via | granted, role="hidden"
        )
