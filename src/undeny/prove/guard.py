"""No guard weakened: no Deny, boundary, SCP, RCP, session or endpoint policy loses force, and no guarding condition is loosened."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.fix import values
from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.iam import elements, wildcard
from undeny.prove.model import Proof

GUARDS = ("scp", "rcp", "boundary", "session", "endpoint")
GUARD_SETTINGS = ("s3:PutPublicAccessBlock", "s3:PutObjectAcl", "s3:PutBucketAcl", "s3:PutBucketOwnershipControls")
"""Operations that decide what is public or whose it is:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""


def no_guard_weakened(fix: Fix) -> Proof:
    """Prove that the change takes nothing from a guard. False makes a fix `maybe_incorrect`."""
    found = [loss for change in fix.changes for loss in _losses(change)]
    if found:
        return Proof(obligation="no_guard_weakened", holds=False, how="; ".join(dict.fromkeys(found)))
    if any(isinstance(c, SettingEdit) for c in fix.changes):
        return Proof(obligation="no_guard_weakened", holds=None, how="a setting is changed, which nothing here compares")
    policies = sum(isinstance(c, PolicyEdit) for c in fix.changes)
    how = f"every Deny and every guarding condition of {policies} document(s) is as it was" if policies else "no policy changes"
    return Proof(obligation="no_guard_weakened", holds=True, how=how)


def _losses(change: PolicyEdit | CallEdit | SettingEdit) -> Iterator[str]:
    match change:
        case CallEdit():
            return
        case SettingEdit():
            if change.operation in GUARD_SETTINGS:
                yield f"{change.operation} changes who may reach {change.target}"
        case PolicyEdit():
            yield from _of_policy(change)


def _of_policy(edit: PolicyEdit) -> Iterator[str]:
    name = edit.policy or f"the policy of {edit.target}"
    if edit.layer in GUARDS and edit.before != edit.after:
        yield f"{edit.layer} {name} allows more than it did"
    old, new = elements.statements(edit.before), elements.statements(edit.after)
    for index, statement in enumerate(old):
        if statement.get("Effect") == "Deny" and statement not in new:
            yield f"the Deny in statement {index + 1} of {name} is changed or gone"
    for index, statement in enumerate(new):
        if statement.get("Effect") != "Allow" or statement in old:
            continue
        for key in sorted(_loosened(statement, old, index)):
            yield f"the condition on {key} that guarded it in {name} is looser or gone"


def _loosened(statement: Mapping[str, Any], old: list[dict[str, Any]], index: int) -> set[str]:
    """Give the guarding keys of old allows of the same thing that the new or changed statement does not ask for in the same way."""
    asked = set(_conditions(statement))
    keys: set[str] = set()
    for place, before in enumerate(old):
        if before.get("Effect") != "Allow" or not (place == index or _covers(before, statement)):
            continue
        for operator, key, held in set(_conditions(before)) - asked:
            other = values.substitute(key)
            said = other is not None and (operator, other.lower(), held) in asked
            gone = not any(key == there for _, there, _ in asked)
            if not said and (gone or values.is_guard(key)):
                keys.add(key)
    return keys


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for operator, block in (statement.get("Condition") or {}).items():
        for key, held in block.items() if isinstance(block, Mapping) else ():
            yield operator.lower(), key.lower(), tuple(sorted(str(v) for v in elements.listed(held)))


def _covers(wide: Mapping[str, Any], narrow: Mapping[str, Any]) -> bool:
    """Whether every action and resource of `narrow` is one of `wide`."""
    for element, fold in (("Action", True), ("Resource", False)):
        patterns = [str(v).lower() if fold else str(v) for v in elements.listed(wide.get(element))]
        asked = [str(v).lower() if fold else str(v) for v in elements.listed(narrow.get(element))]
        if not all(any(wildcard.covers(p, a) for p in patterns) for a in asked):
            return False
    return True
