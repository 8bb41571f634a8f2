"""Nothing else: beyond the requests that the fix names, the new policies allow nothing that the old ones did not."""

import importlib.util

import msgspec

from undeny import decide
from undeny.calls.model import Request
from undeny.diagnose.model import Case
from undeny.fix import requests
from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.iam import wildcard
from undeny.prove.model import Proof
from undeny.prove.probes import probes


def nothing_else(case: Case, after: Case, fix: Fix) -> tuple[Proof, Request | None]:
    """Prove it, over every request where containment can be decided, else over neighbouring requests; with a witness where it fails."""
    if all(isinstance(c, CallEdit) for c in fix.changes):
        return Proof(obligation="nothing_else", holds=True, how="no policy changes: nothing is opened"), None
    if any(isinstance(c, SettingEdit) for c in fix.changes):
        return Proof(obligation="nothing_else", holds=None, how="a setting is changed: what else it opens is not compared here"), None
    count, opened, witness = _probe(case, after, fix)
    if witness is not None:
        how = f"{witness.action} on {witness.resource} by {witness.principal} is allowed after the change and was not before"
        return Proof(obligation="nothing_else", holds=False, how=how), witness
    proved = _contained(fix)
    if proved:
        return Proof(obligation="nothing_else", holds=True, how="proved for every request, beyond those that the fix names"), None
    also = f", {opened} of them named by the fix" if opened else ""
    how = f"{count} neighbouring requests decided before and after{also}: none but those named is newly allowed"
    return Proof(obligation="nothing_else", holds=True if count else None, how=how), None


def _probe(case: Case, after: Case, fix: Fix) -> tuple[int, int, Request | None]:
    """Decide neighbouring requests before and after: how many, how many of them newly allowed as named, and the first that is not named."""
    count = opened = 0
    for base in {r.action: r for r in reversed(after.requests) if _touched(r, case, after)}.values():
        for probe in probes(base, fix.changes):
            count += 1
            new = decide.decide(probe, after.evidence, main=after.requests[0], explain=False)
            if new.decision != "allowed":
                continue
            old = decide.decide(probe, case.evidence, main=case.requests[0], explain=False)
            if old.decision == "allowed":
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


def _contained(fix: Fix) -> bool:
    """Whether containment proves it: every new document allows nothing beyond the old one and a statement of what the fix names."""
    if importlib.util.find_spec("undeny.prove.containment") is None:
        return False
    from undeny.prove import contained  # noqa: PLC0415 - loaded only where the prover of containment is there

    edits = [c for c in fix.changes if isinstance(c, PolicyEdit)]
    return all(contained.proved(edit, fix) for edit in edits)


def same(one: Request, other: Request) -> bool:
    """Whether two requests differ in nothing that a policy can see."""
    return msgspec.structs.replace(one, why=None, source=None) == msgspec.structs.replace(other, why=None, source=None)
