"""Nothing else: beyond the requests that the fix names, the new policies allow nothing that the old ones did not."""

import msgspec

from undeny import catalog, decide
from undeny.calls.model import Request
from undeny.diagnose.model import Case
from undeny.fix import requests
from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.iam import wildcard
from undeny.prove import contained
from undeny.prove.model import Proof
from undeny.prove.probes import probes


def nothing_else(case: Case, after: Case, fix: Fix) -> tuple[Proof, Request | None]:
    """Prove it, over every request where containment can be decided, else over neighbouring requests; with a witness where it fails."""
    if all(isinstance(c, CallEdit) for c in fix.changes):
        return Proof(obligation="nothing_else", holds=True, how="no policy changes: nothing is opened"), None
    if any(isinstance(c, SettingEdit) for c in fix.changes):
        return Proof(obligation="nothing_else", holds=None, how="a setting is changed: what else it opens is not compared here"), None
    count, opened, witness = _probe(case, after, fix)
    proved = False
    if witness is None:
        proved, witness = _contained(case, after, fix)
    if witness is not None:
        how = f"{witness.action} on {witness.resource} by {witness.principal} is allowed after the change and was not before"
        return Proof(obligation="nothing_else", holds=False, how=how), witness
    what = f"nothing beyond {_said(fix)}"
    if proved:
        return Proof(obligation="nothing_else", holds=True, how=f"{what}: proved for every request"), None
    also = f", {opened} of them within that" if opened else ""
    how = f"{what}: {count} neighbouring requests decided before and after{also}"
    return Proof(obligation="nothing_else", holds=True if count else None, how=how), None


NAMED = 3
"""Grants that a sentence names."""


def _said(fix: Fix) -> str:
    """Say what the fix means to open: nothing where it names nothing."""
    told = [f"{action} on {resource}{' for whoever the statement names' if who else ''}" for action, resource, *who in fix.grants]
    more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return ", ".join(told[:NAMED]) + more if told else "what was allowed before"


def _probe(case: Case, after: Case, fix: Fix) -> tuple[int, int, Request | None]:
    """Decide neighbouring requests before and after: how many, how many of them newly allowed as named, and the first that is not named."""
    count = opened = 0
    for base in {r.action: r for r in reversed(after.requests) if _touched(r, case, after)}.values():
        for probe in probes(base, fix.changes):
            count += 1
            if not _opened(case, after, probe):
                continue
            if not named(fix, base, probe):
                return count, opened, probe
            opened += 1
    return count, opened, None


def _touched(request: Request, case: Case, after: Case) -> bool:
    """Whether the change matters for a request of the call: it was not allowed, or it is the user's own."""
    if request == after.requests[0]:
        return True
    return any(r == request and v.decision != "allowed" for r, v in zip(case.requests, case.verdicts, strict=True))


def named(fix: Fix, base: Request, probe: Request) -> bool:
    """Whether the fix names the probed request among what it means to open, for this caller or for anyone that its third part fits."""
    for action, resource, *who in fix.grants:
        if not wildcard.matches(action, probe.action, ignore_case=True):
            continue
        if probe.resource != resource and not wildcard.arn_matches(resource, probe.resource) and resource != "*":
            continue
        if who or requests.holder_of_policies(probe) == requests.holder_of_policies(base):
            return True
    return False


def _contained(case: Case, after: Case, fix: Fix) -> tuple[bool, Request | None]:
    """Tell whether it is proved for every request, else give a request that shows otherwise over the whole evidence.

    A document that allows more by itself opens nothing where another policy allowed that before: then it is no witness.
    """
    main = after.requests[0]
    edits = [c for c in fix.changes if isinstance(c, PolicyEdit)]
    for edit in edits:
        plain = any(contained.plainly(edit, fix, r) for r in _callers(after))
        if plain and contained.denies_stay(edit):
            continue
        found = contained.beyond(edit, fix, main)
        if found is None or found.holds is None:
            return False, None
        if found.holds and (plain or contained.denies_stay(edit)):
            continue
        if found.action is None or catalog.action(found.action) is None:
            return False, None  # a name that AWS does not have opens nothing
        named_by = found.principal if edit.layer in ("resource", "endpoint") else main.principal
        witness = msgspec.structs.replace(
            main, principal=named_by, action=found.action, resource=found.resource or "*", context=dict(found.context)
        )
        shown = _opened(case, after, witness) and not named(fix, main, witness)
        return False, witness if shown else None
    return True, None


def _callers(after: Case) -> tuple[Request, ...]:
    """Give one request of each caller that the call has: the user's own, and services behind it."""
    return tuple({r.principal: r for r in reversed(after.requests)}.values())


def _opened(case: Case, after: Case, probe: Request) -> bool:
    """Whether a request is allowed after the change and was not before."""
    new = decide.decide(probe, after.evidence, main=after.requests[0], explain=False)
    if new.decision != "allowed":
        return False
    return decide.decide(probe, case.evidence, main=case.requests[0], explain=False).decision != "allowed"
