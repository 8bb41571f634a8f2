"""What carrying a fix out would do: the calls, the lines that differ, what is one-way, whom else it touches, with whose credentials."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.aws import touched, write
from undeny.aws.reader import Reader
from undeny.aws.targets import Call, Standing
from undeny.change.dangers import DANGERS
from undeny.change.documents import data_of, differences, same
from undeny.change.model import Danger, Plan, Step, Window
from undeny.change.windows import WINDOWS, notice
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Edit, Fix, PolicyEdit, SettingEdit
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal
from undeny.prove.model import ProvenFix

_MANAGERS = {
    "terraform": "managed by Terraform: the next deploy undoes this; in the code instead: undeny fix --in .",
    "cloudformation": "managed by CloudFormation: the next deploy undoes this; change the template",
    "identity-center": "managed by IAM Identity Center: change the permission set",
    "aws": "managed by AWS",
}


def plan(
    proven: ProvenFix,
    session: sessions.Session,
    *,
    organization: bool = False,
    accounts: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Plan:
    """Plan a proven fix against what AWS holds now; nothing is written.

    Raises `UndenyError` where something is not what the fix was proved for, or must not or cannot be written. `organization`: SCPs and
    RCPs may be changed. `accounts` gives the account of things whose ARN does not say it (buckets); an edit in another account than the
    credentials' is its owner's to make: it is planned without calls.
    """
    fix = fix_of(proven)
    me = sessions.identity(session)
    reader = Reader(session, clock)
    weakens = any(proof.obligation == "no_guard_weakened" and proof.holds is False for proof in proven.proofs)
    steps = []
    for number, edit in enumerate(fix.changes, 1):
        elsewhere = _elsewhere(edit, me.account, accounts or {})
        if elsewhere is not None:
            steps.append(Step(number=number, edit=edit, title=f"{_target(edit)}, in account {elsewhere}", elsewhere=elsewhere))
            continue
        held = None if isinstance(edit, CallEdit) else write.current(session, edit, clock=clock)
        step = _step(number, edit, held, organization=organization)
        steps.append(_consequences(step, reader, weakens=weakens))
    made = Plan(
        proven=proven,
        steps=tuple(steps),
        account=me.account,
        by=me.arn,
        profile=me.profile,
        region=me.region,
        managed_by=fix.managed_by,
        warnings=tuple(_warnings(fix, proven)),
    )
    return msgspec.structs.replace(made, notice=notice(made))


def fix_of(proven: ProvenFix) -> Fix:
    """Give the fix to carry out. Raises `UndenyError` for one that may not be, `TypeError` for anything but a `ProvenFix`."""
    if not isinstance(proven, ProvenFix):
        raise TypeError(f"only a ProvenFix is carried out, not a {type(proven).__name__}")
    fix = proven.fix
    failed = [proof.obligation for proof in proven.proofs if proof.holds is False and proof.obligation != "no_guard_weakened"]
    if failed:
        raise UndenyError(f"fix `{fix.id}` was refuted: {failed[0]} does not hold", code="refuted")
    if fix.applicability == "has_placeholders":
        raise UndenyError(
            f"fix `{fix.id}` still has placeholders",
            help=("fill them in: undeny fix --out DIR, then apply the file",),
            code="has-placeholders",
        )
    if fix.managed_by in ("identity-center", "aws"):
        raise UndenyError(f"fix `{fix.id}` is not undeny's to make: {_MANAGERS[fix.managed_by]}", code="not-writable")
    return fix


def _target(edit: Edit) -> str:
    return "the call" if isinstance(edit, CallEdit) else edit.target


def _elsewhere(edit: Edit, here: str, accounts: Mapping[str, str]) -> str | None:
    """Give the account that an edit is made in where that is not the credentials' own. An organisation's policies are made where told."""
    if isinstance(edit, CallEdit) or (isinstance(edit, PolicyEdit) and edit.layer in ("scp", "rcp")):
        return None
    arn = Arn.parse(edit.target)
    account = accounts.get(edit.target) or (arn.account if arn else "")
    return account if account.isdigit() and account != here else None


def check_before(edit: Edit, held: Standing) -> None:
    """Raise `UndenyError` unless what stands there now is what the edit says it changes."""
    if isinstance(edit, CallEdit):
        return
    now = data_of(held.text)
    if isinstance(edit, SettingEdit):
        wanted: Any = dict(edit.before or {}) or None
        agrees = (now or None) == wanted or (wanted is None and not now)
    else:
        agrees = same(edit.before, now)
    if not agrees:
        raise changed_meanwhile(held.place.title, edit, held.text)


def changed_meanwhile(title: str, edit: Edit, text: str | None) -> UndenyError:
    """Give the error for a place that holds another text than the one that is to be changed."""
    before = None if isinstance(edit, CallEdit) else edit.before
    return UndenyError(
        f"{title} is not what the fix was proved for: it was changed since, or is another",
        help=("undeny explain again, and take the new fix", *differences(before, data_of(text))[:20]),
        code="changed-meanwhile",
        exit_status=1,
    )


def _step(number: int, edit: Edit, held: Standing | None, *, organization: bool) -> Step:
    if isinstance(edit, CallEdit) or held is None:
        return Step(number=number, edit=edit, title=edit.how if isinstance(edit, CallEdit) else "")
    check_before(edit, held)
    if isinstance(edit, PolicyEdit):
        _keeps_the_key(edit, held)
    calls = write.planned(edit, held, organization=organization)
    return Step(
        number=number,
        edit=edit,
        title=held.place.title,
        calls=tuple((call.action, held.place.title) for call in calls),
        diff=differences(edit.before, edit.after),
        before=held.text,
        before_sha256=hashlib.sha256(held.text.encode()).hexdigest() if held.text is not None else None,
        after=write.fitting(edit.after, held) if edit.after is not None else None,
        undo=_undo(held),
        dangers=tuple(dangers_of(calls)),
        held=held,
    )


def _consequences(step: Step, reader: Reader, *, weakens: bool) -> Step:
    """Add to a step whom else it touches, whether a maintenance window is due, and the name to type where it is no small thing."""
    edit, held = step.edit, step.held
    if isinstance(edit, CallEdit) or held is None or not step.calls:
        return step
    return msgspec.structs.replace(
        step,
        touches=touched.touched(reader, edit, held),
        windows=tuple(_windows(step, reader)),
        confirm=_name(edit) if weakens or _asks(step, edit) else None,
    )


_GUARDS = ("boundary", "session", "endpoint", "scp", "rcp")


def _asks(step: Step, edit: PolicyEdit | SettingEdit) -> bool:
    """Whether a step is one-way or weakens a guard: its name is typed first."""
    if any(danger.asks for danger in step.dangers):
        return True
    if isinstance(edit, PolicyEdit):
        return edit.layer in _GUARDS
    return edit.operation.endswith("PublicAccessBlock") and _turned_off(edit)


def _turned_off(edit: SettingEdit) -> bool:
    before, after = (dict((one or {}).get("PublicAccessBlockConfiguration") or {}) for one in (edit.before, edit.after))
    return edit.after is None or any(was and not after.get(name) for name, was in before.items())


def _name(edit: PolicyEdit | SettingEdit) -> str:
    """Give the name by which people know what changes: the policy's, else the thing's."""
    if isinstance(edit, PolicyEdit) and edit.policy:
        return edit.policy
    arn = Arn.parse(edit.target)
    return (arn.name if arn else "") or edit.target.rpartition("/")[2]


def _windows(step: Step, reader: Reader) -> Iterator[Window]:
    for action, _ in step.calls:
        window = WINDOWS.get(action)
        if window is None:
            continue
        if action == "ec2:ModifyVpcEndpoint" and step.held is not None:
            facts = touched.endpoint_facts(reader, str(step.held.place.names["VpcEndpointId"]), step.held.place.region)
            if facts is not None and not touched.private_dns(facts):
                continue  # a gateway endpoint, or one whose names nobody uses by themselves
        yield window


def dangers_of(calls: tuple[Call, ...]) -> Iterator[Danger]:
    """Give what is one-way or hard to reverse in these calls. Raises `UndenyError` for one that undeny never makes."""
    for call in calls:
        danger = DANGERS.get(call.action)
        if danger is not None and danger.refused:
            raise UndenyError(f"undeny never makes the call {call.action}: {danger.why}", code="one-way")
        if danger is not None:
            yield danger


def _keeps_the_key(edit: PolicyEdit, held: Standing) -> None:
    """Refuse to take the account out of a key's policy: the key may then be managed by nobody.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
    """
    if held.place.kind == "key" and _delegates(edit.before) and not _delegates(edit.after):
        raise UndenyError(
            f"the change takes the account out of the {held.place.title}, which may then be managed by nobody", code="one-way"
        )


def _delegates(document: Mapping[str, Any] | None) -> bool:
    statements = (document or {}).get("Statement", [])
    for statement in statements if isinstance(statements, list | tuple) else [statements]:
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, Mapping) else []
        texts = named if isinstance(named, list | tuple) else [named]
        if statement.get("Effect") == "Allow" and any(Principal.parse(str(text)).kind == "root" for text in texts):
            return True
    return False


def _undo(held: Standing) -> str:
    if held.place.kind == "attachment":
        return "it is attached again"
    if held.place.kind == "managed":
        return f"version {held.version} becomes the default again, and the new one is deleted"
    return "it is deleted again" if held.text is None else "the saved text is put back"


def _warnings(fix: Fix, proven: ProvenFix) -> Iterator[str]:
    if fix.managed_by is not None:
        yield _MANAGERS[fix.managed_by]
    if fix.applicability == "maybe_incorrect":
        yield "it may not be what its owner wants: " + ("; ".join(fix.risks) or "look at the lines that differ")
    for proof in proven.proofs:
        if proof.obligation == "no_guard_weakened" and proof.holds is False:
            yield proof.how
        elif proof.holds is None:
            yield f"not proved: {proof.obligation.replace('_', ' ')} ({proof.how})"
    if fix.uncovers is not None:
        yield fix.uncovers
