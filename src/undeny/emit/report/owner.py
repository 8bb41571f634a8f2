"""A message to whoever owns a layer that the user cannot change: what was seen, why, the exact change, its proof and its risk."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from undeny.denial import secrets
from undeny.emit.report import words
from undeny.emit.report.page import PROOF_WORDS, diff, page_of
from undeny.errors import UndenyError
from undeny.fix.model import CallEdit, Edit, PolicyEdit, SettingEdit
from undeny.iam import write
from undeny.iam.arn import Arn
from undeny.pipeline import FixView, Walk

_HOLDS = {True: "yes", False: "no", None: "not known"}
_LAYERS = {
    "scp": "service control policy",
    "rcp": "resource control policy",
    "boundary": "permissions boundary",
    "endpoint": "VPC endpoint policy",
    "identity": "identity policy",
    "resource": "resource policy",
    "session": "session policy",
}
Kind = Literal["text", "list", "code", "diff"]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the message: its heading, and its lines as running text, a list, code or a difference."""

    title: str
    lines: tuple[str, ...]
    kind: Kind = "text"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The message."""

    to: str
    subject: str
    opening: str
    sections: tuple[Section, ...]


def letter(walk: Walk, owner: str, number: int | None = None) -> Letter:
    """Write the message to an account (its id) or to the owner of a layer (`scp`, `organization`, `endpoint`, ...).

    It is about the first fix that has a part of theirs, or about fix `number`. Raises `UndenyError` where there is none.
    """
    fixes = walk.explanation.fixes if number is None else walk.explanation.fixes[number - 1 : number]
    for fix in fixes:
        theirs = tuple(edit for edit in fix.changes if owner in owners(edit, fix, walk))
        if theirs:
            return _letter(walk, owner, fix, theirs)
    known = sorted({one for fix in walk.explanation.fixes for edit in fix.changes for one in owners(edit, fix, walk)})
    raise UndenyError(
        f"no fix has a part for the owner `{owner}`",
        code="no-such-owner",
        help=(f"there are parts for {', '.join(known)}",) if known else ("no fix changes anything that somebody owns",),
    )


def owners(edit: Edit, fix: FixView, walk: Walk) -> tuple[str, ...]:
    """Give the names by which the owner of an edit can be asked for: its account and its layer."""
    if isinstance(edit, CallEdit):
        return ()
    arn = Arn.parse(edit.target)
    account = arn.account if arn and arn.account.isdigit() else _account(edit, fix, walk)
    layer = edit.layer if isinstance(edit, PolicyEdit) else "resource"
    names = [layer, *(("organization",) if layer in ("scp", "rcp") else ()), *((account,) if account else ())]
    return tuple(names)


def _account(edit: Edit, fix: FixView, walk: Walk) -> str | None:
    """Give the account of a thing whose ARN names none, as a bucket's."""
    if fix.owner and fix.owner.isdigit() and isinstance(edit, PolicyEdit) and edit.layer == "resource":
        return fix.owner
    target = edit.target if isinstance(edit, PolicyEdit | SettingEdit) else ""
    for request in walk.case.requests:
        if request.resource_account and (request.resource == target or request.resource.startswith(f"{target}/")):
            return request.resource_account
    return None


def _letter(walk: Walk, owner: str, fix: FixView, theirs: tuple[Edit, ...]) -> Letter:
    page = page_of(walk)
    mine = tuple(edit for edit in fix.changes if edit not in theirs)
    who = words.principal(walk.case.requests[0].principal) if walk.case.requests else "a caller"
    block = next(one for one in page.fixes if one.title == fix.title)
    sections = [
        Section(title="What was seen", lines=tuple(_seen(walk)), kind="list"),
        Section(title="Why it is denied", lines=(f"{page.summary} ({page.status})", *page.because), kind="list"),
        *(section for edit in theirs for section in _change(edit)),
        Section(title="What goes with it, and is not yours", lines=tuple(_rest(mine)), kind="list"),
        Section(title="What was proved", lines=tuple(_proofs(fix)), kind="list"),
        Section(title="What it leans on", lines=tuple(dict.fromkeys((*block.unless, *fix.assumes))), kind="list"),
        Section(title="Risk", lines=tuple(_risks(fix)), kind="list"),
    ]
    return Letter(
        to=f"the owner of {owner if not owner.isdigit() else f'account {owner}'}",
        subject=fix.title,
        opening=f"{who[:1].upper() + who[1:]} is denied a call, and {_whose(theirs)} decides. The smallest change for it is below.",
        sections=tuple(one for one in sections if one.lines),
    )


def _whose(theirs: tuple[Edit, ...]) -> str:
    return " and ".join(dict.fromkeys(_name(edit) for edit in theirs))


def _name(edit: Edit) -> str:
    if isinstance(edit, PolicyEdit):
        layer = _LAYERS[edit.layer]
        return f"the {layer} {edit.policy} on {edit.target}" if edit.policy else f"the {layer} of {edit.target}"
    return f"{edit.operation} on {edit.target}" if isinstance(edit, SettingEdit) else "the call"


def _seen(walk: Walk) -> Iterator[str]:
    page = page_of(walk)
    yield from (f"{label}: {text}" if label else text for label, text in page.facts)
    message = walk.explanation.denial.message
    if message:
        yield f"AWS said: {' '.join(message.split())}"


def _change(edit: Edit) -> Iterator[Section]:
    if not isinstance(edit, PolicyEdit | SettingEdit):
        return
    lines = tuple(f"{line.sign} {line.text}" for line in diff(edit.before, edit.after))
    yield Section(title=f"The change to {_name(edit)}", lines=lines, kind="diff")
    if edit.after is not None and edit.before is not None:
        yield Section(title="The whole document after it", lines=tuple(write.dump(edit.after).splitlines()), kind="code")


def _rest(mine: tuple[Edit, ...]) -> Iterator[str]:
    for edit in mine:
        yield f"the call: {edit.how}" if isinstance(edit, CallEdit) else f"{_name(edit)}: its own change is made on our side"


def _proofs(fix: FixView) -> Iterator[str]:
    for proof in fix.proofs:
        if proof.holds is not None:
            how = f" ({proof.how})" if proof.how else ""
            yield f"{PROOF_WORDS.get(proof.obligation, proof.obligation)}: {_HOLDS[proof.holds]}{how}"
    if all(proof.holds is None for proof in fix.proofs):
        yield "nothing: only the error's text was read, so please check the change before you make it"


def _risks(fix: FixView) -> Iterator[str]:
    yield from fix.risks
    if fix.applicability == "maybe_incorrect":
        yield "it changes what a guard lets through: whether that is meant is yours to say"
    if fix.managed_by:
        yield f"managed by {fix.managed_by}: a change made beside it is undone by the next deploy"
    yield "undo: put back the document as it stands today; nothing else is touched"


def markdown(one: Letter) -> str:
    """Write a letter as Markdown."""
    lines = [f"# {one.subject}", "", f"To {one.to}.", "", one.opening, ""]
    for section in one.sections:
        lines += [f"## {section.title}", ""]
        if section.kind in ("code", "diff"):
            lines += [f"```{'json' if section.kind == 'code' else 'diff'}", *section.lines, "```", ""]
        else:
            lines += [f"- {line}" if section.kind == "list" else line for line in section.lines] + [""]
    return secrets.mask("\n".join(lines).rstrip() + "\n")


def text(one: Letter) -> str:
    """Write a letter as plain text."""
    lines = [f"Subject: {one.subject}", f"To: {one.to}", "", one.opening, ""]
    for section in one.sections:
        lines += [section.title, ""]
        lines += [f"  - {line}" if section.kind == "list" else f"    {line}".rstrip() for line in section.lines] + [""]
    return secrets.mask("\n".join(lines).rstrip() + "\n")
