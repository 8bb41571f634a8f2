"""Replace the exposed key first; only then take AWS's quarantine policy off."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import mend, proposals, requests
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import elements

CODES = ("quarantined-key",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/security-iam-awsmanpol.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose to detach the quarantine, for after the key is gone."""
    request = mend.request_of(case, cause)
    how = "make a new access key, switch every use of the old one over, deactivate and delete it, and look through CloudTrail for its use"
    held = case.evidence.policies.identity
    found = next((p for p in held if "Quarantine" in p.name), None) if isinstance(held, tuple) else None
    if request is None or found is None:
        return (proposals.call(how, "replace the exposed key first"),)
    before = elements.plain(found.document.data)
    edit = PolicyEdit(layer="identity", target=requests.holder_of_policies(request), policy=found.name, before=before, after=None)
    return (
        proposals.call(how, "replace the exposed key first"),
        Fix(
            id="",
            title=f"replace the exposed key, and only then detach {found.name}",
            layer="identity",
            applicability="maybe_incorrect",
            changes=(edit,),
            assumes=(f"the exposed key is gone: {how}",),
            risks=("AWS believes that somebody else holds this key: while it is in use, detaching the policy hands them the account",),
            managed_by="aws",
            grants=(("*", "*"),),
        ),
    )
