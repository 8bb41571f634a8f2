"""A walk as a page: its blocks in the order in which they are read, without widths or colours."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from undeny.calls.model import Request
from undeny.decide.model import LAYERS, Verdict
from undeny.denial.caller import behind
from undeny.denial.record import is_message, matched
from undeny.emit.report import words
from undeny.fix.model import CallEdit, PolicyEdit, SettingEdit
from undeny.iam import write
from undeny.pipeline import Explanation, FixView, ProofView, Walk

Tone = Literal["plain", "red", "green", "yellow", "dim", "bold", "cyan"]
PROOF_WORDS = {
    "suffices": "enough",
    "needed": "all of it needed",
    "nothing_else": "opens only what it names",
    "no_guard_weakened": "weakens no guard",
    "well_formed": "well formed",
}
APPLICABILITY_WORDS = {"machine_applicable": "", "maybe_incorrect": "ask its owner", "has_placeholders": "fill in the names"}


LONG = 160
"""Characters of a word in a command from which on a page cuts it."""
CHANGES = 4
"""Changes that a page shows."""


class LayerMark(msgspec.Struct, frozen=True):
    """One layer's outcome on the layers line."""

    name: str
    mark: str
    tone: Tone


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """One request of the call, with how each layer answered it. `note` says who makes a hidden one, and why."""

    action: str
    resource: str
    marks: tuple[LayerMark, ...]
    note: str | None


class DiffLine(msgspec.Struct, frozen=True):
    """One line of a fix: `+`, `-` or a blank before it."""

    sign: Literal["+", "-", " "]
    text: str


class EditBlock(msgspec.Struct, frozen=True):
    """One edit of a fix: whose policy it is, and what differs."""

    title: str
    lines: tuple[DiffLine, ...]


UNPROVED = "not proved: nothing but the text was read"
NOTHING_CHANGES = "nothing changes, so there is nothing to prove"


class FixBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A fix as shown: where it is made, its edits, its proofs and what they lean on."""

    number: int
    title: str
    kind: str
    edits: tuple[EditBlock, ...]
    proofs: tuple[ProofView, ...]
    unless: tuple[str, ...]
    notes: tuple[str, ...]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a page of an explanation shows."""

    code: str
    sure: bool
    summary: str
    status: str
    facts: tuple[tuple[str, str], ...]
    requests: tuple[RequestLine, ...]
    because: tuple[str, ...]
    likeliest: tuple[tuple[str, str], ...]
    not_this: tuple[str, ...]
    settle: tuple[tuple[str, str], ...]
    disagreement: tuple[str, ...]
    fixes: tuple[FixBlock, ...]
    more: tuple[str, ...]
    next_commands: tuple[str, ...]
    footer: str


def page_of(walk: Walk) -> Page:
    """Lay out a walk."""
    shown = walk.explanation
    return Page(
        code=shown.cause.code,
        sure=shown.cause.certainty in ("proven", "stated"),
        summary=shown.cause.summary,
        status=_status(shown),
        facts=_facts(walk),
        requests=_requests(walk),
        because=shown.cause.because,
        likeliest=_likeliest(shown),
        not_this=tuple(f"{one.code}: {one.why}" for one in shown.ruled_out),
        settle=tuple((one.what, _without_blobs(one.how)) for one in shown.missing_evidence),
        disagreement=shown.disagreement,
        fixes=tuple(fix_block(i, one) for i, one in enumerate(shown.fixes, 1)),
        more=tuple(_one_line(d.message or d.text or "") for d in shown.more_denials),
        next_commands=shown.next_commands,
        footer=_footer(walk),
    )


def _status(shown: Explanation) -> str:
    certainty = shown.cause.certainty
    word = {"proven": "proven", "stated": "stated by AWS", "likely": "likely, not proven", "unknown": "unknown (exit 4)"}[certainty]
    told = f": {shown.why}" if shown.why and certainty not in ("proven", "stated") else ""
    look = f"; look next at {shown.settles}" if shown.settles else ""
    return f"{word} · {shown.bucket}{told}{look}"


def _facts(walk: Walk) -> tuple[tuple[str, str], ...]:
    denial, case = walk.explanation.denial, walk.case
    main = case.requests[0] if case.requests else None
    rows: list[tuple[str, str]] = []
    if main:
        rows.append(("call", main.action if len(case.requests) == 1 or not case.verdicts else _call_and_behind(case.requests)))
        rows.append(("by", words.principal(main.principal)))
        rows.extend(_behind(main, walk))
        rows.append(("on", words.resource(main) if "resource" not in main.unknown_keys else "not said"))
    elif denial.operation or denial.error_code:
        rows.append(("call", denial.operation or "not said"))
        rows.append(("error", denial.error_code or "not said"))
    if denial.event_time or denial.request_id or denial.region:
        rows.append(("at", _at(walk)))
    rows.extend(_changes(walk))
    rows.extend(_record(walk.explanation))
    return tuple(rows)


def _record(shown: Explanation) -> Iterator[tuple[str, str]]:
    """Give what AWS's own record says, and whether the decision here agrees with it."""
    record = shown.denial.record
    if record is None:
        return
    if shown.aws_checks:
        compared = [one for one in shown.aws_checks if one.agrees is not None]
        agreeing = sum(one.agrees is True for one in compared)
        said = ", ".join(f"{words.CHECKED[one.layer]} {words.AWS_SAID[one.aws]}" for one in shown.aws_checks)
        agreed = f"; this agrees in {agreeing} of {words.count(len(compared), 'layer')}" if compared else ""
        then = sum("policyDocument" in one for one in record.get("policies") or ())
        kept = f", {words.count(then, 'policy')} as they were then" if then else ""
        yield ("AWS", f"its own record: {said}{agreed}{kept}")
    for one in matched(record):
        effect = "denies" if one.effect.upper() == "DENY" else "allows"
        yield ("AWS", f"its own record: statement `{one.sid or 'without a Sid'}` {effect} {', '.join(one.actions) or 'it'}")
    if is_message(record) and not matched(record):
        yield ("AWS", f"its own record (decoded): {'an explicit deny' if record.get('explicitDeny') else 'no policy allows it'}")


def _behind(main: Request, walk: Walk) -> Iterator[tuple[str, str]]:
    """Give who stands behind the caller, and by whom its session was made, as far as names and events tell."""
    found = behind(main.principal, main.context)
    if found is not None:
        yield ("", f"that is {found.says}")
    yield from (("", told) for told in walk.case.evidence.assumed)


def _changes(walk: Walk) -> Iterator[tuple[str, str]]:
    """Give what was changed shortly before, the latest first, with how long before the denial where its time is known."""
    seen = walk.explanation.denial.event_time or walk.case.evidence.now
    changes = sorted(walk.explanation.changed_lately, key=lambda change: change.time, reverse=True)
    for change in changes[:CHANGES]:
        before = f", {words.span(seen - change.time)} before" if seen and seen >= change.time else ""
        yield ("since", f"{words.moment(change.time, seen)} {change.by}: {change.event} {change.on}{before}")
    if len(changes) > CHANGES:
        yield ("", f"and {len(changes) - CHANGES} earlier changes: --format json lists them")


def _call_and_behind(requests: tuple[Request, ...]) -> str:
    behind = [r.action if r.certain else f"perhaps {r.action}" for r in requests[1:]]
    return f"{requests[0].action}, and behind it {', '.join(dict.fromkeys(behind))}"


def _at(walk: Walk) -> str:
    denial = walk.explanation.denial
    parts = [words.when(denial.event_time) if denial.event_time else "", denial.region or ""]
    if denial.request_id:
        until = f" (AWS Support can find it until {words.kept_until(denial.event_time)})" if denial.event_time else ""
        parts.append(f"request {denial.request_id}{until}")
    return ", ".join(part for part in parts if part)


def _requests(walk: Walk) -> tuple[RequestLine, ...]:
    pairs = list(zip(walk.case.requests, walk.case.verdicts, strict=False))
    if len(pairs) > 1:
        pairs = [
            (r, v) for i, (r, v) in enumerate(pairs) if i == 0 or (r.certain and v.decision != "allowed") or v.decision.endswith("denied")
        ]
    return tuple(RequestLine(action=r.action, resource=r.resource, marks=_marks(r, v, alone=len(pairs) == 1), note=r.why) for r, v in pairs)


def _marks(request: Request, verdict: Verdict, *, alone: bool) -> tuple[LayerMark, ...]:
    tones: Mapping[str, Tone] = {"✓": "green", "✗": "red", "?": "yellow", "–": "dim"}
    found = []
    for layer in LAYERS:
        outcome = verdict.layers.get(layer, "not_applicable")
        mark = words.MARKS[outcome]
        if outcome == "implicitly_denied" and layer not in verdict.blocked_by:
            mark = "–"
        if mark == "–" and (layer == "scope_down" or not alone):
            continue
        found.append(LayerMark(words.policy_of(layer, request), mark, tones[mark]))
    return tuple(found)


def _likeliest(shown: Explanation) -> tuple[tuple[str, str], ...]:
    if shown.cause.certainty == "proven":
        others = (c for c in shown.other_causes if c.certainty == "proven" and c.layer != shown.cause.layer)
        return tuple((c.code, c.summary) for c in others)
    if shown.cause.certainty == "stated":
        return tuple((c.code, c.summary) for c in shown.other_causes[:3])
    return tuple((c.code, c.summary) for c in (shown.cause, *shown.other_causes)[:6])


def _without_blobs(text: str) -> str:
    """Cut what nobody reads out of a command; the whole of it stands in the JSON."""
    whole = [word if len(word) <= LONG or "://" in word else f"{word[:24]}…" for word in text.split(" ")]
    return text if whole == text.split(" ") else f"{' '.join(whole)} (whole with --format json)"


def _one_line(text: str, most: int = 160) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= most else folded[: most - 1] + "…"


def fix_block(number: int, view: FixView) -> FixBlock:
    """Give a fix as it is shown, under its number."""
    many = len(view.changes) > 1
    edits = tuple(EditBlock(_edit_title(edit, many=many), tuple(_edit_lines(edit, view.title))) for edit in view.changes)
    unless = tuple(dict.fromkeys(u for p in view.proofs for u in p.unless)) or view.assumes
    notes = tuple(n for n in (view.uncovers, *view.risks, _owner(view)) if n)
    kind = " · ".join(part for part in (_kind(view), _caution(view)) if part)
    return FixBlock(number=number, title=view.title, kind=kind, edits=edits, proofs=view.proofs, unless=unless, notes=notes)


def _caution(view: FixView) -> str:
    """Say what a person has to do with a fix that is not to be applied as it is."""
    if view.applicability == "has_placeholders" and "<" not in json.dumps(msgspec.to_builtins(view.changes)):
        return "not proved"
    return APPLICABILITY_WORDS[view.applicability]


def _kind(view: FixView) -> str:
    kinds = {type(edit) for edit in view.changes}
    if kinds == {CallEdit}:
        return "change to the call"
    if SettingEdit in kinds and PolicyEdit not in kinds:
        return "setting"
    layers = dict.fromkeys(e.layer for e in view.changes if isinstance(e, PolicyEdit))
    owners = f"{len(view.changes)} edits · " if len(view.changes) > 1 else ""
    return owners + " and ".join(f"{layer} policy" for layer in layers) if layers else view.layer.replace("none", "")


def _owner(view: FixView) -> str | None:
    return f"owner: {view.owner}" if view.owner else None


def _edit_title(edit: Any, *, many: bool) -> str:
    if isinstance(edit, PolicyEdit):
        verb = "new policy" if edit.before is None else "policy"
        return f"{edit.layer}: {verb} {edit.policy or ''} of {edit.target}".replace("  ", " ")
    if isinstance(edit, SettingEdit):
        return f"{edit.operation} on {edit.target}"
    return "the call" if many else ""


def _edit_lines(edit: Any, title: str) -> list[DiffLine]:
    if isinstance(edit, CallEdit):
        how = edit.how.removeprefix(title).lstrip(":;, \n")
        return [DiffLine("+", _within(line)) for line in how.splitlines()]
    return diff(edit.before, edit.after)


LONG = 400
"""Characters of a line that a page shows whole: a document that is sent instead may have thousands."""


def _within(line: str) -> str:
    return line if len(line) <= LONG else f"{line[: LONG // 2]}… ({len(line):,} characters: undeny fix --out DIR writes them all)"


def diff(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[DiffLine]:
    """Give what changes between two documents, line by line, with one line around each change."""
    old = write.dump(before).splitlines() if before is not None else []
    new = write.dump(after).splitlines() if after is not None else []
    if before is None and after is not None and len(after.get("Statement", ())) == 1:
        new = json.dumps(after["Statement"][0], indent=2, ensure_ascii=False).splitlines()
    found: list[DiffLine] = []
    for line in difflib.unified_diff(old, new, lineterm="", n=1):
        if line.startswith(("---", "+++")):
            continue
        if line.startswith("@@"):
            if found:
                found.append(DiffLine(" ", "…"))
            continue
        found.append(DiffLine(line[0], line[1:]))  # type: ignore[arg-type] # difflib gives one of the three signs
    return _dedented(found)


def _dedented(lines: list[DiffLine]) -> list[DiffLine]:
    """Take away the indent that all lines share: what matters is how they stand to each other."""
    shared = min((len(one.text) - len(one.text.lstrip()) for one in lines if one.text.strip() not in ("", "…")), default=0)
    return [one if one.text == "…" else DiffLine(one.sign, one.text[shared:]) for one in lines]


def _footer(walk: Walk) -> str:
    if walk.case.path is not None:
        hops = sum(len(path.hops) for path in walk.case.path.paths)
        return f"{words.count(hops, 'hop')} of the network path read. No packet was sent, nothing was changed."
    if not walk.case.verdicts:
        return "Nothing was read, and nothing was changed."
    layers = walk.case.verdicts[0].layers
    unread = [name for name in LAYERS if layers.get(name) == "unknown"]
    policies = {
        (v.resource if s.layer == "resource" else "", s.layer, s.policy, s.target) for v in walk.case.verdicts for s in v.statements
    }
    said = f"decided over {words.count(len(layers) - len(unread), 'layer')} and {words.count(len(policies), 'policy')}"
    missing = f"; open: {', '.join(unread)}" if unread else ""
    return f"{said}{missing}. Nothing was changed."
