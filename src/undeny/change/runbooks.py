"""The record that a runbook page is written from."""

from typing import Any

import msgspec

from undeny.change.dangers import DANGERS
from undeny.change.model import Danger, Record, Verification
from undeny.change.store import Store


class RunbookStep(msgspec.Struct, frozen=True, kw_only=True):
    """One call that was made, what it changed, and what could go wrong with it."""

    number: int
    phase: str
    action: str
    title: str
    at: str
    outcome: str
    before: str | None = None
    before_sha256: str | None = None
    after: Any = None
    danger: Danger | None = None


class Runbook(msgspec.Struct, frozen=True, kw_only=True):
    """A change told for whoever meets the same denial again: what was seen, why, what was done, how to undo it.

    `explanation` is the saved explanation, `None` where the change was applied from a file alone. `proofs` are those of the fix.
    `watch` is the command that watches for the denial to come back, `None` where there is none.
    """

    change: str
    state: str
    created: str
    account: str
    by: str
    region: str | None
    title: str
    code: str
    owner: str | None
    assumes: tuple[str, ...]
    steps: tuple[RunbookStep, ...]
    undo: str
    verify: str
    verification: Verification | None = None
    explanation: dict[str, Any] | None = None
    proofs: tuple[dict[str, Any], ...] = ()
    watch: str | None = None


def runbook(store: Store, change: str | None = None) -> Runbook:
    """Give the runbook of a change, the last one by default."""
    record = store.change(change)
    proven = record.fix
    fix = proven.get("fix", {})
    return Runbook(
        change=record.id,
        state=record.state,
        created=record.created.isoformat(),
        account=record.account,
        by=record.by,
        region=record.region,
        title=fix.get("title", ""),
        code=fix.get("code", ""),
        owner=fix.get("owner"),
        assumes=tuple(proven.get("assumes", ())),
        steps=tuple(_steps(record, store)),
        undo=f"undeny rollback {record.id}",
        verify=f"undeny verify {record.id}",
        verification=record.verification,
        explanation=store.explanation(record.explanation) if record.explanation is not None else None,
        proofs=tuple(proven.get("proofs", ())),
        watch=f"undeny verify {record.id} --for 48h" if record.state == "in_force" else None,
    )


def _steps(record: Record, store: Store) -> list[RunbookStep]:
    out = []
    for done in record.steps:
        digest = done.standing.get("text")
        out.append(
            RunbookStep(
                number=done.number,
                phase=done.phase,
                action=done.action,
                title=done.title,
                at=done.intended_at.isoformat(),
                outcome=done.error or ("done" if done.finished_at is not None else "not known: the program ended before AWS answered"),
                before=store.image(digest) if digest is not None else None,
                before_sha256=digest,
                after=done.edit.get("after"),
                danger=DANGERS.get(done.action),
            )
        )
    return out
