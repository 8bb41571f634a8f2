"""Who else a change touches, as far as the evidence says: others who have the policy, what goes through the endpoint, what uses the key."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.diagnose.model import Case
from undeny.evidence.model import Resource
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam.arn import Arn

SHOWN = 3
"""Names that a sentence holds."""
_LISTED = (("PolicyRoles", "RoleName", "role"), ("PolicyUsers", "UserName", "user"), ("PolicyGroups", "GroupName", "group"))
"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html"""


def named(case: Case, fix: Fix) -> Fix:
    """Give the fix with whom its changes touch beside this call, among its risks."""
    found = dict.fromkeys(text for change in fix.changes if isinstance(change, PolicyEdit) for text in _of(case, change))
    new = tuple(text for text in found if text not in fix.risks)
    return msgspec.structs.replace(fix, risks=(*fix.risks, *new)) if new else fix


def _of(case: Case, edit: PolicyEdit) -> Iterator[str]:
    match edit.layer:
        case "identity" | "boundary":
            if edit.before is not None and (thing := policy_thing(case, edit.policy)) is not None:
                yield from _holders(edit, thing.settings)
        case "endpoint":
            thing = case.evidence.resources.get(edit.target) or _ending(case, f"vpc-endpoint/{edit.target}")
            vpc = thing.settings.get("VpcId") if thing else None
            yield f"whatever goes through {edit.target}{f' in {vpc}' if vpc else ''} is under this policy"
        case "scp" | "rcp":
            yield f"{edit.policy} is in force for every account under {edit.target}"
        case "resource":
            thing = case.evidence.resources.get(edit.target)
            yield from _users_of_key(edit, thing.settings if thing else {})
        case "session":
            return


def policy_thing(case: Case, name: str | None) -> Resource | None:
    """Give what is known of the managed policy of that name; `None` where it is inline, or nothing was read."""
    parsed = ((Arn.parse(text), thing) for text, thing in case.evidence.resources.items())
    return next((thing for arn, thing in parsed if arn and arn.resource_type == "policy" and arn.name == name), None)


def _ending(case: Case, end: str) -> Resource | None:
    return next((t for a, t in case.evidence.resources.items() if a.endswith(f":{end}")), None)


def _holders(edit: PolicyEdit, settings: Mapping[str, Any]) -> Iterator[str]:
    """Name the others who have a managed policy, or how many they are."""
    own = Arn.parse(edit.target)
    others = [
        f"{kind} {one[key]}"
        for listed, key, kind in _LISTED
        for one in settings.get(listed) or ()
        if isinstance(one, Mapping) and one.get(key) and not (own and own.resource_type == kind and own.name == one[key])
    ]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        yield f"{edit.policy} is attached to {', '.join(others[:SHOWN])}{more} too"
        return
    count = settings.get("AttachmentCount")
    if isinstance(count, int) and count > 1:
        yield f"{edit.policy} is attached to {count} identities: {count - 1} beside this one"


def _users_of_key(edit: PolicyEdit, settings: Mapping[str, Any]) -> Iterator[str]:
    """Say that a key is in use by others: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html."""
    arn = Arn.parse(edit.target)
    grants = [g for g in settings.get("Grants") or () if isinstance(g, Mapping)]
    if arn and arn.service_prefix == "kms" and grants:
        names = list(dict.fromkeys(str(g.get("GranteePrincipal")) for g in grants))
        yield f"the key is in use: {len(grants)} {'grant' if len(grants) == 1 else 'grants'}, to {', '.join(names[:SHOWN])}"
