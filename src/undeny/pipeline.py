"""The walk as one readable function: from what was seen to a proven fix.

Denial → Requests → Evidence → Verdicts → Diagnosis → Fix → ProvenFix → Explanation. From a text alone the prover is not loaded.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any

import msgspec

from undeny import calls, decide, denial, diagnose
from undeny import evidence as evidence_room
from undeny.calls.model import Given, Request
from undeny.decide import as_recorded
from undeny.decide.model import Compared, Verdict
from undeny.denial import secrets
from undeny.denial.model import Denial
from undeny.diagnose import happening, quotas
from undeny.diagnose.model import Bucket, Case, Cause, Diagnosis, Missing, RuledOut
from undeny.errors import UndenyError
from undeny.evidence import scenario as scenarios
from undeny.evidence import sources as scenario_sources
from undeny.evidence.health import HealthEvent
from undeny.evidence.joined import join
from undeny.evidence.model import Change, Evidence, Gap
from undeny.evidence.scenario import Scenario
from undeny.fix.model import Fix

if TYPE_CHECKING:
    from undeny.prove.model import ProvenFix


SHORT = 4000
"""Characters of a text of unknown wording that is still taken for one message."""


class FixView(Fix, frozen=True, kw_only=True):
    """A fix with its proofs, as printed. Every proof's `holds` is `None` where nothing was proved (from a text alone)."""

    proofs: tuple["ProofView", ...] = ()


class ProofView(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation as printed: `how` says what was checked, `unless` what was not read and could change it."""

    obligation: str
    holds: bool | None
    how: str = ""
    unless: tuple[str, ...] = ()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What `explain` answers. `id` is `None` until it is saved; `verdict` is the first that is denied, `None` where nothing was decided."""

    id: str | None
    denial: Denial
    bucket: Bucket
    cause: Cause
    other_causes: tuple[Cause, ...] = ()
    verdict: Verdict | None = None
    verdicts: tuple[Verdict, ...] = ()
    missing_evidence: tuple[Missing, ...] = ()
    ruled_out: tuple[RuledOut, ...] = ()
    changed_lately: tuple[Change, ...] = ()
    fixes: tuple[FixView, ...] = ()
    more_denials: tuple[Denial, ...] = ()
    next_commands: tuple[str, ...] = ()
    disagreement: tuple[str, ...] = ()
    why: str = ""
    """Why it is this bucket and no other, in half a sentence."""
    settles: str = ""
    """What would settle the bucket, where the cause is not sure."""
    requests: tuple[Request, ...] = ()
    aws_checks: tuple[Compared, ...] = ()
    """AWS's own checks of the denied call beside the local decision; empty where AWS's record was not read."""
    path: Mapping[str, Any] | None = None
    """The network path of a call that got no answer; `None` where none was walked."""


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """An explanation with all that it was made from: what a page is drawn of and a fix is carried out with.

    `fixes` and `proven` run parallel to `explanation.fixes`; `proven` holds `None` where a fix was not proved.
    """

    explanation: Explanation
    case: Case
    diagnosis: Diagnosis
    fixes: tuple[Fix, ...] = ()
    proven: tuple[Any, ...] = ()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to explain: a denial, and the scenario that came with it, if one did."""

    denial: Denial
    scenario: Scenario | None = None
    health: tuple[HealthEvent, ...] | None = None
    """Events of AWS Health that came in another way than by asking it; `None`: nobody told any."""
    changes: tuple[Change, ...] = ()
    """Writes of the day before, as trail files tell them."""
    assumed: tuple[str, ...] = ()
    """How the caller's session was made, as trail files tell it."""


def explain(source: Any, evidence: Any = None, *, given: Given | None = None) -> Explanation:
    """Explain the first denial of `source`: why, proven where the evidence allows it, and what would let it through.

    `source` is text, a CloudTrail event or a self-contained scenario as a mapping, or a path. `evidence` is a snapshot's path, a boto3
    session, or `None`: then nothing is read and nothing is proved beyond what the source carries. Raises `UndenyError` where there is
    no denial in it.
    """
    return walk(source, evidence, given=given).explanation


def explain_all(source: Any, evidence: Any = None) -> tuple[Explanation, ...]:
    """Explain every denial of `source`, in order; as `explain` otherwise."""
    return tuple(walk_subject(subject, evidence).explanation for subject in subjects(source))


def walk(source: Any, evidence: Any = None, *, given: Given | None = None) -> Walk:
    """Explain the first denial of `source` and keep what the explanation was made from."""
    found = subjects(source)
    return walk_subject(found[0], evidence, given=given, more=tuple(s.denial for s in found[1:]))


def walk_subject(subject: Subject, evidence: Any = None, *, given: Given | None = None, more: tuple[Denial, ...] = ()) -> Walk:
    """Walk one denial through the house."""
    given = given or Given()
    subject, unread = recorded(subject, evidence)
    requests = requests_for(subject, given)
    path = _path(subject.denial, given, evidence)
    known = _besides(subject, requests, _evidence(subject, requests, evidence if path is None or requests else None), evidence)
    known = msgspec.structs.replace(known, gaps=(*known.gaps, *unread)) if unread else known
    known = _before(subject, as_recorded.taken(subject.denial, requests, known))
    requests = tuple(evidence_room.complete(request, known) for request in requests)
    requests = calls.expand(requests[0], {arn: thing.settings for arn, thing in known.resources.items()}) + requests[1:] if requests else ()
    verdicts = () if known.from_text else tuple(decide.decide(request, known, main=requests[0]) for request in requests)
    case = Case(denial=subject.denial, requests=requests, verdicts=verdicts, evidence=known, path=path)
    diagnosis = diagnose.diagnose(case)
    fixes, proven = _fixes(case, diagnosis)
    views = tuple(_view(one, with_proofs, known) for one, with_proofs in zip(fixes, proven, strict=True))
    return Walk(explanation=_explanation(case, diagnosis, views, more), case=case, diagnosis=diagnosis, fixes=fixes, proven=proven)


def subjects(source: Any) -> tuple[Subject, ...]:
    """Give what there is to explain in `source`, in order. Raises `UndenyError` where there is nothing."""
    scenarios = scenario_sources.scenarios(source)
    if scenarios:
        return tuple(_of_scenario(scenario) for scenario in scenarios)
    found = tuple(Subject(denial=one) for one in denial.parse(source)) or (_by_signs(source) if isinstance(source, str) else ())
    if not found:
        raise _no_denial("no denial in the input")
    return found


def subjects_in(data: bytes, name: str) -> tuple[tuple[Subject, ...], tuple[UndenyError, ...]]:
    """Give what there is to explain in a file's bytes, and what of it could not be read. Raises `UndenyError` where there is nothing."""
    if data[:64].lstrip()[:1] == b"{":
        found = scenario_sources.scenarios(data.decode("utf-8", "replace"))
        if found:
            return tuple(_of_scenario(one) for one in found), ()
    reading = denial.read_bytes(data, name)
    if not reading.denials:
        told = () if reading.problems else _by_signs(data.decode("utf-8", "replace"))
        if told:
            return told, ()
        if reading.problems:
            raise reading.problems[0]
        raise _no_denial(f"no denial in {name if ' ' in name else f'`{name}`'}")
    return tuple(Subject(denial=one) for one in reading.denials), tuple(reading.problems)


def _by_signs(text: str) -> tuple[Subject, ...]:
    """Give a short text of an unknown wording as it is, where it has the signs of some cause; nothing where it has none."""
    if len(text) > SHORT or not text.strip():
        return ()
    masked = secrets.mask(text.strip())
    seen = Denial(message=masked, text=masked)
    told = diagnose.diagnose(Case(denial=seen, requests=(), verdicts=(), evidence=_unread(seen, None)))
    return () if told.cause.certainty == "unknown" else (Subject(denial=seen),)


def _no_denial(message: str) -> UndenyError:
    return UndenyError(message, code="no-denial", help=("paste the error as your tool printed it, or give a CloudTrail event or file",))


def to_builtins(value: Any) -> Any:
    """Give any value of undeny as plain dicts and lists: the JSON shape of the interface."""
    return msgspec.to_builtins(value)


def scenario_of(walked: Walk) -> dict[str, Any]:
    """Give the walk's input again as a self-contained scenario: what is saved, attached to a report, or kept as a regression test."""
    case = walked.case
    main = case.requests[0] if case.requests else None
    text = case.denial.text or case.denial.message
    return scenarios.write(Scenario(id=walked.explanation.id or "", request=main, evidence=case.evidence, text=text, event=None))


def with_id(walked: Walk, short: str, commands: Iterable[str] = ()) -> Walk:
    """Give the same walk under the short id that it was saved by."""
    explanation = msgspec.structs.replace(walked.explanation, id=short, next_commands=tuple(commands) or walked.explanation.next_commands)
    return msgspec.structs.replace(walked, explanation=explanation)


def _of_scenario(scenario: Scenario) -> Subject:
    seen = denial.parse(scenario.event) if scenario.event else denial.parse(scenario.text) if scenario.text else ()
    if seen:
        return Subject(denial=seen[0], scenario=scenario)
    request = scenario.request
    if request is None and not scenario.text:
        raise UndenyError("the scenario has neither a request nor a text nor an event", code="empty-scenario")
    told = Denial(
        message=scenario.text,
        text=scenario.text,
        principal=request.principal if request else None,
        action=request.action if request else None,
        resource=request.resource if request and request.resource != "*" else None,
    )
    return Subject(denial=told, scenario=scenario)


def requests_for(subject: Subject, given: Given) -> tuple[Request, ...]:
    """Give the requests that a denied call made itself: the scenario's, or what the denial and a person say."""
    if subject.scenario is not None and subject.scenario.request is not None:
        return (subject.scenario.request,)
    return calls.requests_of(subject.denial, given)


def _sessions(evidence: Any) -> tuple[Any, ...]:
    """Give the boto3 sessions that evidence is read with; none where it is a snapshot, a value, or nothing."""
    if evidence is None or isinstance(evidence, (str, os.PathLike, Evidence)):
        return ()
    return tuple(evidence) if isinstance(evidence, (tuple, list)) else (evidence,)


def recorded(subject: Subject, evidence: Any) -> tuple[Subject, tuple[Gap, ...]]:
    """Fill the denial with what AWS recorded of it: an encoded message, the details behind an authorization id.

    They are read from AWS, or from the snapshot that kept them.
    """
    seen, sessions = subject.denial, _sessions(evidence)
    if not (seen.encoded_message or seen.authorization_id):
        return subject, ()
    if isinstance(evidence, (str, os.PathLike)) and seen.authorization_id is not None and seen.record is None:
        from undeny.denial.completed import completed  # noqa: PLC0415 - only where a snapshot is read
        from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is read

        kept = snapshot.record(evidence, seen.authorization_id)
        return (subject if kept is None else msgspec.structs.replace(subject, denial=completed(seen, kept))), ()
    if not sessions:
        return subject, ()
    from undeny.aws import recorded as records  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    filled, unread = records.recorded(sessions, seen)
    return msgspec.structs.replace(subject, denial=filled), unread


def _before(subject: Subject, known: Evidence) -> Evidence:
    """Add what trail files told of the time before the denial."""
    if not (subject.changes or subject.assumed):
        return known
    changes = tuple(sorted({*known.changed_lately, *subject.changes}, key=lambda change: change.time))
    return msgspec.structs.replace(known, changed_lately=changes, assumed=known.assumed or subject.assumed)


def _evidence(subject: Subject, requests: tuple[Request, ...], evidence: Any) -> Evidence:
    main = requests[0] if requests else None
    if evidence is None:
        return subject.scenario.evidence if subject.scenario else _unread(subject.denial, main)
    if isinstance(evidence, Evidence):
        return evidence
    unread = _unread(subject.denial, main)
    bare = Case(denial=subject.denial, requests=(), verdicts=(), evidence=unread)
    if main is None and _sessions(evidence) and (happening.may_be_aws(bare) or quotas.named(bare)):
        return unread  # no policy was asked, so none has to be read: AWS Health and the quotas are asked all the same
    if main is None:
        raise UndenyError("the text does not say which call was refused", code="no-call", help=("give --action and --principal",))
    if isinstance(evidence, (str, os.PathLike)):
        from undeny.evidence import snapshot  # noqa: PLC0415 - only where a snapshot is read

        return snapshot.read(evidence).evidence_for(main, now=subject.denial.event_time)
    return _collected(_sessions(evidence), requests, subject.denial.event_time)


def _besides(subject: Subject, requests: tuple[Request, ...], known: Evidence, evidence: Any) -> Evidence:
    """Add what AWS Health says of that time where AWS may be at fault, and what the account has of a quota that the text speaks of."""
    if subject.health is not None:
        known = msgspec.structs.replace(known, health=subject.health)
    sessions = _sessions(evidence)
    case = Case(denial=subject.denial, requests=requests, verdicts=(), evidence=known)
    if sessions and known.health is None and happening.may_be_aws(case):
        from undeny.aws import health  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

        known = health.completed(sessions, known, happening.region_of(case), subject.denial.event_time)
    if sessions and quotas.named(case) is not None:
        from undeny.aws import quotas as account  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

        known = account.completed(sessions, known, case)
    return known


def _path(seen: Denial, given: Given, evidence: Any) -> Any:
    """Walk the network path of a call that got no answer: no setting of a network makes a status or a request id."""
    if given.source is None or evidence is None or seen.http_status or seen.request_id:
        return None
    from undeny.reach import asked  # noqa: PLC0415 - only where a path is to be walked

    if isinstance(evidence, (str, os.PathLike)):
        return asked.over_snapshot(seen, given.source, evidence)
    from undeny.aws import network as reading  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    return asked.walked(seen, given.source, tuple(reading.network(one, seen.region, given.source) for one in _sessions(evidence)))


def _collected(sessions: Iterable[Any], requests: tuple[Request, ...], now: datetime | None) -> Evidence:
    """Read with each session; what one may not read, another may: each of its own account."""
    from undeny.aws import collect  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    found = [collect.collect(session, requests, now=now) for session in sessions]
    return reduce(join, found)


def _unread(seen: Denial, main: Request | None) -> Evidence:
    nothing = evidence_room.unread(main or Request(principal=seen.principal, action=""))
    return msgspec.structs.replace(nothing, now=seen.event_time)


def _fixes(case: Case, diagnosis: Diagnosis) -> "tuple[tuple[Fix, ...], tuple[ProvenFix | None, ...]]":
    from undeny import fix  # noqa: PLC0415 - parse, can and codes need no fixes

    candidates = fix.propose(case, diagnosis)
    if case.evidence.from_text or not case.verdicts or diagnosis.bucket == "network":
        return candidates, (None,) * len(candidates)
    from undeny import prove  # noqa: PLC0415 - from a text alone the prover is not loaded

    proven = prove.rank(tuple(p for p in (prove.prove(one, case) for one in candidates) if isinstance(p, prove.ProvenFix)))
    return tuple(one.fix for one in proven), proven


OBLIGATIONS = ("suffices", "needed", "nothing_else", "no_guard_weakened", "well_formed")


def _view(one: "Fix", proven: "ProvenFix | None", known: Evidence) -> FixView:
    proofs = proven.proofs if proven else ()
    shown = tuple(ProofView(obligation=p.obligation, holds=p.holds, how=p.how, unless=p.unless) for p in proofs)
    fields = {name: getattr(one, name) for name in Fix.__struct_fields__}
    assumes = tuple(dict.fromkeys((*one.assumes, *(proven.assumes if proven else ()))))
    fields |= _as_of_then(one, known)
    shown = shown or tuple(ProofView(obligation=name, holds=one.tried.get(name), how="tried on the network read") for name in one.tried)
    unproved = tuple(ProofView(obligation=name, holds=None) for name in OBLIGATIONS)
    return FixView(**fields | {"assumes": assumes}, proofs=shown or unproved)


AS_THEN = "the policy is as AWS recorded it at the denial, perhaps without other services' actions: compare it with what is there now"


def _as_of_then(one: "Fix", known: Evidence) -> dict[str, Any]:
    """Say of a fix that it is made to a document as AWS recorded it, which is not to be written back unseen."""
    if not any(getattr(edit, "layer", None) in known.recorded and getattr(edit, "before", None) for edit in one.changes):
        return {}
    nameless = any(str(getattr(edit, "policy", "")).startswith("<") for edit in one.changes)
    sure = one.applicability == "machine_applicable"
    word = {"applicability": "has_placeholders"} if nameless else {"applicability": "maybe_incorrect"} if sure else {}
    return {"risks": (*one.risks, AS_THEN)} | word


def _explanation(case: Case, diagnosis: Diagnosis, views: tuple[FixView, ...], more: tuple[Denial, ...]) -> Explanation:
    failing = case.failing
    compared, differences = as_recorded.compared(case.denial, case.requests, case.verdicts)
    return Explanation(
        id=None,
        denial=case.denial,
        bucket=diagnosis.bucket,
        cause=diagnosis.cause,
        other_causes=diagnosis.other_causes,
        verdict=case.verdicts[failing if failing is not None else 0] if case.verdicts else None,
        verdicts=case.verdicts,
        missing_evidence=diagnosis.missing_evidence,
        ruled_out=diagnosis.ruled_out,
        changed_lately=case.evidence.changed_lately,
        fixes=views,
        more_denials=more,
        disagreement=(*diagnosis.disagreement, *differences),
        why=diagnosis.why,
        settles=diagnosis.settles,
        requests=case.requests,
        aws_checks=compared,
        path=case.path.data if case.path is not None else None,
    )
