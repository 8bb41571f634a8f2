"""Take back the change that took it away: the version of a managed policy before the one that is in force."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from undeny.diagnose.model import Case, Cause
from undeny.evidence.model import Policy
from undeny.fix import grants, mend, touched
from undeny.fix.carry import with_edits
from undeny.fix.documents import Json
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import document, elements

CODES = (
    "identity-missing-allow", "identity-explicit-deny", "condition-mismatch", "wrong-resource-arn", "pass-role", "boundary-missing-allow",
    "boundary-explicit-deny",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html"
LATELY = timedelta(days=14)


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the newest earlier version with which the call goes through, where the one in force is new; none where none was read."""
    request = mend.request_of(case, cause)
    index = cause.request if cause.request is not None else case.failing
    if case.evidence.from_text or request is None or index is None or index >= len(case.verdicts):
        return ()
    held = grants.layers_of(case, request)
    for layer, policies in (("identity", held.identity), ("boundary", held.boundary)):
        for policy in policies if isinstance(policies, tuple) else ():
            for version, edit in _earlier(case, policy, "boundary" if layer == "boundary" else "identity", grants.holder(case, request)):
                after = with_edits(case, (edit,))
                if index < len(after.verdicts) and after.verdicts[index].decision == "allowed":
                    return (_fix(policy, version, edit),)
    return ()


def _earlier(case: Case, policy: Policy, layer: Any, target: str) -> Iterator[tuple[Mapping[str, Any], PolicyEdit]]:
    """Give the versions before the one in force, newest first, with the edit that makes each the default again."""
    thing = touched.policy_thing(case, policy.name)
    listed = [v for v in (thing.settings.get("PolicyVersionList") if thing else None) or () if isinstance(v, Mapping)]
    default = next((v for v in listed if v.get("IsDefaultVersion")), None)
    if default is None or not grants.can_edit(policy) or not _new(default, case.evidence.now):
        return
    before = elements.plain(policy.document.data)
    older = [v for v in listed if not v.get("IsDefaultVersion") and _made(v) < _made(default)]
    for version in sorted(older, key=_made, reverse=True):
        held = version.get("Document")
        if isinstance(held, Mapping | str):
            after: Json = elements.plain(document.read(held).data)
            yield version, PolicyEdit(layer=layer, target=target, policy=policy.name, before=before, after=after)


def _made(version: Mapping[str, Any]) -> str:
    return str(version.get("CreateDate") or "")


def _new(version: Mapping[str, Any], now: datetime | None) -> bool:
    """Whether a version is from shortly before the denial; with no time of either it may be."""
    try:
        made = datetime.fromisoformat(_made(version))
        return now is None or timedelta() <= now - made <= LATELY
    except (ValueError, TypeError):
        return True


def _fix(policy: Policy, version: Mapping[str, Any], edit: PolicyEdit) -> Fix:
    old = elements.statements(edit.before)
    back = [s for s in elements.statements(edit.after) if s not in old and s.get("Effect") == "Allow"]
    gone = [s for s in old if s not in elements.statements(edit.after)]
    opens = tuple(
        (str(action), str(resource))
        for s in back
        for action in elements.listed(s.get("Action")) or ["*"]
        for resource in elements.listed(s.get("Resource")) or ["*"]
    ) or (("*", "*"),)
    what = f"{len(back)} {'statement comes' if len(back) == 1 else 'statements come'} back, {len(gone)} of the newer version go"
    return Fix(
        id="",
        title=f"make {version.get('VersionId')} of {policy.name} its default version again: with it the call went through",
        layer=edit.layer,
        applicability="maybe_incorrect",
        changes=(edit,),
        risks=(f"opens more than this call: all that {version.get('VersionId')} allowed; {what}",),
        grants=opens,
    )
