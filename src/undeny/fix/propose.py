"""From a diagnosis to candidate fixes: strategies propose, each proposal is evaluated on and completed, the smallest comes first."""

import zlib
from collections.abc import Iterator
from types import ModuleType

import msgspec

from undeny import dropins
from undeny.diagnose.model import Case, Cause, Diagnosis
from undeny.fix import touched
from undeny.fix.callable import tag_of_thing
from undeny.fix.complete import completed
from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.fix.past import ELSEWHERE, WELCOME

STRATEGIES = "undeny.fix.strategies"
_MOST = 4
"""A page has room for a few: the smallest of each kind."""
_APPLICABILITY = ("machine_applicable", "maybe_incorrect", "has_placeholders")


def propose(case: Case, diagnosis: Diagnosis) -> tuple[Fix, ...]:
    """Give candidate fixes for the diagnosed cause, smallest and safest first; for the next cause where it has none.

    From a text alone these are changes to the call and proposals with placeholders. Where nothing may be changed, none.
    """
    others = tuple(c for c in diagnosis.other_causes if c.certainty in ("proven", "stated") or case.evidence.from_text)
    for cause in (diagnosis.cause, *others):
        found = sorted(_distinct(_candidates(case, cause)), key=_size)
        if found:
            return tuple(found[:_MOST])
    return ()


def _candidates(case: Case, cause: Cause) -> Iterator[Fix]:
    for strategy in serving(cause.code):
        for draft in strategy.propose(case, cause):
            signed = msgspec.structs.replace(draft, code=cause.code, strategy=strategy.__name__.rpartition(".")[2])
            yield _named(touched.named(case, completed(case, cause, signed)))


def serving(code: str) -> Iterator[ModuleType]:
    """Give the strategies that name this cause code."""
    return dropins.load_naming(STRATEGIES, "CODES", code)


def _distinct(fixes: Iterator[Fix]) -> list[Fix]:
    """Give each set of changes once, without fixes that change a document into itself."""
    found: dict[str, Fix] = {}
    for one in fixes:
        idle = [c for c in one.changes if isinstance(c, PolicyEdit | SettingEdit) and c.before == c.after]
        if not idle:
            found.setdefault(one.id, one)
    return list(found.values())


def _named(one: Fix) -> Fix:
    """Give the fix its id: the same changes have the same one, on every machine."""
    told = msgspec.json.encode((one.changes, one.title if not one.changes else ""), order="deterministic")
    return msgspec.structs.replace(one, id=f"f-{zlib.crc32(told):08x}")


def _size(one: Fix) -> tuple[int, int, int, int, int]:
    """Order candidates: nothing granted before something, certain before uncertain, one owner before two, short before long."""
    policies = [c for c in one.changes if isinstance(c, PolicyEdit)]
    grown = sum(len(str(c.after)) - len(str(c.before)) for c in policies if c.after is not None)
    return (
        gained(one),
        _APPLICABILITY.index(one.applicability),
        len(one.changes),
        1 if one.owner else 0,
        grown,
    )


def gained(one: Fix) -> int:
    """Count how much a fix opens: nothing for the call, one for each exact request, far more for a pattern or a loosened guard.

    Calling from another place opens nothing either, but where the policy lists places and the call came from one that is not among
    them, the list is mostly what is behind: it comes last. So does a tag on the thing whose value nobody can say.
    """
    calls = [c for c in one.changes if isinstance(c, CallEdit)]
    if len(calls) == len(one.changes):
        untold = any(tag_of_thing(key) and "<" in str(value) for c in calls for key, value in c.context.items())
        return 400 if {ELSEWHERE, WELCOME} & set(one.risks) or untold else 0
    wide = sum(10 for action, resource, *_ in one.grants if "*" in action or resource.endswith(("/*", ":*")) or resource == "*")
    guards = sum(100 for c in one.changes if isinstance(c, PolicyEdit) and c.layer in ("scp", "rcp", "boundary", "session", "endpoint"))
    more = sum(5 for risk in one.risks if risk.startswith("opens more")) + sum(5 for grant in one.grants if grant[2:])
    return len(one.grants) + wide + guards + more
