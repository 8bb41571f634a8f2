"""One question: is there a request that the new policy allows and the old one does not? Answered over every request that can exist."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from undeny import catalog
from undeny.iam.model import Document
from undeny.prove.containment import keys, patterns
from undeny.prove.containment.boxes import ANYONE, Box, Caller, boxes, callers, names
from undeny.prove.containment.keys import Domain
from undeny.prove.containment.language import EFFORT, Language, Pattern, TooHardError, exactly, matches
from undeny.prove.containment.patterns import Values
from undeny.prove.containment.search import Found, Search, Space, choices, opaque

MOST_STEPS = 20_000
MOST_STATES = 400_000
MOST_TRIES = 40
MOST_NAMES = 8


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: of whom, of which actions and resources (`None`: of any), and what is presumed of condition keys."""

    new: tuple[Box, ...]
    old: tuple[Box, ...]
    callers: tuple[Caller, ...]
    partitions: tuple[str, ...]
    actions: Language | None = None
    resources: Language | None = None
    services: tuple[str, ...] = ()
    """Prefixes of services that the question itself names."""
    domains: Mapping[str, Domain] = {}
    granted: tuple[Box, ...] = ()
    """What may be let in anew."""
    also: tuple[Box, ...] | None = None
    """Statements of which one must take the request in as well; `None`: nothing more is asked."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was found, who makes it, and the statement that lets it in."""

    found: Found
    caller: Caller
    box: Box
    values: Values


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`True`: there is no such request. `False`: there is, and `case` is one that was checked. `None`: not decided, and `why`."""

    none: bool | None
    case: Case | None = None
    why: str | None = None


def question(new: Document, old: Document | None, kind: str, *, actions: Sequence[str] = (), resources: Sequence[str] = ()) -> Question:
    """Put a question about two policies, or about one where there is no old one."""
    both = [new, *([old] if old else [])]
    named = dict.fromkeys(found for policy in both for found in re.findall(r"arn:(aws[\w-]*):", policy.text))
    asked = [text for text in resources if text != "*"]
    return Question(
        new=boxes(new, "new"),
        old=boxes(old, "old") if old else (),
        callers=callers(both) if kind == "resource" else (ANYONE,),
        partitions=tuple(named) or ("aws",),
        actions=patterns.actions(actions) if actions else None,
        services=tuple(service for text in asked if (service := patterns.service_of(text))),
        resources=Language(frozenset(patterns.resource(text, None) for text in asked)) if asked and "*" not in resources else None,
    )


def answer(asked: Question, check: Callable[[Case], bool]) -> Answer:
    """Answer a question; `check` decides a request that was found by evaluating both policies."""
    every = [*asked.new, *asked.old, *asked.granted, *(asked.also or ())]
    varying = frozenset().union(*(box.resource_names for box in every), *(wanted.names for box in every for wanted in box.conditions))
    unsure = varying or any(not box.exact or None in (names(box, c) for c in asked.callers) for box in every)
    budget = [MOST_STEPS]
    EFFORT.set([MOST_STATES])
    try:
        first = next(_cases(asked, opaque(varying), budget, bound=bool(unsure)), None)
        if first is None:
            return Answer(none=True)
        cases = _cases(asked, {}, budget, bound=False, varying=varying)
        case = next((one for one in itertools.islice(cases, MOST_TRIES) if check(one)), None)
        if case is not None:
            return Answer(none=False, case=case)
    except TooHardError:
        return Answer(none=None, why="the policies together are too large to compare request by request")
    return Answer(none=None, why=_why(every, varying))


def _why(every: Sequence[Box], varying: frozenset[str]) -> str:
    strange = [wanted.operator for box in every for wanted in box.conditions if not wanted.exact]
    if strange:
        return f"a condition whose meaning is not known: {strange[0]}"
    if varying:
        return f"what the policy variables stand for: {', '.join(sorted(varying))}"
    return "a principal or statement that cannot be compared"


def _cases(asked: Question, values: Values, budget: list[int], *, bound: bool, varying: frozenset[str] = frozenset()) -> Iterator[Case]:
    """Go through everyone who may call, every allow that may let them in, and every kind of action."""
    conditions = [wanted for box in (*asked.new, *asked.old, *asked.granted, *(asked.also or ())) for wanted in box.conditions]
    sure = (True, None) if bound else (True,)
    spaces = list(_spaces(asked))
    for caller in asked.callers:
        domains = _domains(asked, caller, conditions)
        for box in asked.new:
            if not box.allow or names(box, caller) not in sure or not (bound or box.exact):
                continue
            for inside, outside in _alternatives(asked, box, caller, sure, bound=bound):
                for tried in choices(varying, inside, domains) if varying else [values]:
                    fixed = {name: _fixed(value) for name, value in tried.items()} if varying else {}
                    base = Space(actions=(), resources=(), domains={**domains, **_merged(domains, fixed)}, values=tried, bound=bound)
                    start = Case(found=NOTHING, caller=caller, box=box, values=tried if varying else {})
                    for group in spaces:
                        if all(_acts(one, group[0][0]) for one in inside):
                            still = [one for one in outside if _acts(one, group[0][0])]
                            yield from _known(base, (inside, still), budget, start, group)
                    space = msgspec.structs.replace(base, actions=_unknown(asked), resources=_anywhere(asked))
                    yield from _unnamed(space, (inside, outside), budget, start)


NOTHING = Found(action="", resource="", keys={})
Sides = tuple[Sequence[Box], Sequence[Box]]
"""Statements that the request must be in, and those that it must be outside of."""
Group = tuple[tuple[str, Language], ...]
"""Actions that the statements do not tell apart, each with resources that it works on."""
LOOSE = Language(frozenset({*patterns.ARN_SHAPED.patterns, ("*",)}))


def _acts(box: Box, action: str) -> bool:
    return matches(box.actions, action) is not box.not_actions


def _beyond_catalogue(boxes_: Sequence[Box]) -> list[Box | None]:
    """Leave out of the statements' actions the names that the catalogue has; `None` for a statement that names nothing else."""
    found: list[Box | None] = []
    for box in boxes_:
        kept = frozenset(pattern for pattern in box.actions.patterns if not _is_listed(pattern))
        found.append(msgspec.structs.replace(box, actions=Language(kept, fold=True)) if kept or box.not_actions else None)
    return found


@lru_cache(maxsize=8192)
def _is_listed(pattern: Pattern) -> bool:
    return all(isinstance(token, str) for token in pattern) and catalog.action("".join(map(str, pattern))) is not None


def _known(base: Space, sides: Sides, budget: list[int], case: Case, group: Group) -> Iterator[Case]:
    """Search the actions that the statements do not tell apart: wherever they may act first, and if need be resource by resource.

    The sides are those that take in these actions, so that nothing more is asked of the action itself.
    """
    loose = msgspec.structs.replace(base, resources=(LOOSE,), settled=True)
    if len(group) > 1 and Search(loose, budget).run(*sides) is None:
        return
    for name, resources in group:
        space = msgspec.structs.replace(base, actions=(_only(name),), resources=(resources,), settled=True)
        found = Search(space, budget).run(*sides)
        if found is not None:
            yield msgspec.structs.replace(case, found=msgspec.structs.replace(found, action=catalog.canonical(name)))


def _only(action: str) -> Language:
    return exactly(action.lower(), fold=True)


def _unnamed(space: Space, sides: Sides, budget: list[int], case: Case) -> Iterator[Case]:
    """Search the names that the catalogue does not have."""
    inside, outside = (_beyond_catalogue(side) for side in sides)
    if None in inside:
        return
    for _ in range(MOST_NAMES):
        found = Search(space, budget).run([box for box in inside if box], [box for box in outside if box])
        if found is None:
            return
        if catalog.action(found.action) is None:
            yield msgspec.structs.replace(case, found=found)
            return
        space = msgspec.structs.replace(space, no_actions=(*space.no_actions, _only(found.action)))
    raise TooHardError


def _alternatives(asked: Question, box: Box, caller: Caller, sure: tuple[bool | None, ...], *, bound: bool) -> Iterator[Sides]:
    """Say how a request can be let in anew: no old allow takes it in, or an old deny did."""
    drop = (True,) if bound else (True, None)
    granted = [box for box in asked.granted if names(box, caller) is True]
    denies = [other for other in asked.new if not other.allow and names(other, caller) in drop]
    allows = [other for other in asked.old if other.allow and names(other, caller) in drop]
    out = [*denies, *allows, *granted]
    if asked.also is not None:
        for other in asked.also:
            if (
                names(other, caller) in sure
                and (bound or other.exact)
                and not any(_same(each, kept) for each in (box, other) for kept in out)
            ):
                yield [box, other], out
        return
    if not any(_same(box, other) for other in out):
        yield [box], out
    for other in asked.old:
        if other.allow or names(other, caller) not in sure or not (bound or other.exact):
            continue
        if not any(_same(each, kept) for each in (box, other) for kept in (*denies, *granted)):
            yield [box, other], [*denies, *granted]


def _same(one: Box, other: Box) -> bool:
    """Whether two statements take in the same requests, because they say the same; one may allow what the other denies."""
    return one.what == other.what


def _domains(asked: Question, caller: Caller, conditions: Sequence[keys.Condition]) -> dict[str, Domain]:
    found = {wanted.key: keys.domain(wanted.key, conditions) for wanted in conditions}
    found |= _merged(found, caller.domains)
    return found | dict(asked.domains)


def _merged(known: Mapping[str, Domain], fixed: Mapping[str, Domain]) -> dict[str, Domain]:
    return {name: msgspec.structs.replace(one, besides=known[name].besides) if name in known else one for name, one in fixed.items()}


def _fixed(value: str | None) -> Domain:
    return Domain(present=False) if value is None else Domain(absent=False, within=(exactly(value),))


def _unknown(asked: Question) -> tuple[Language, ...]:
    return (patterns.action_names(), *([asked.actions] if asked.actions else []))


def _anywhere(asked: Question) -> tuple[Language, ...]:
    return (asked.resources or patterns.arns(asked.partitions),)


def _spaces(asked: Question) -> list[Group]:
    """Group the known actions by which statements take them in; each group with every kind of resource that one of them works on."""
    every = [*asked.new, *asked.old, *asked.granted, *(asked.also or ())]
    groups: dict[tuple[bool, ...], dict[Language, str]] = {}
    for prefix in _prefixes(asked):
        service = catalog.service(prefix)
        for action in service.actions.values() if service else ():
            if asked.actions and not matches(asked.actions, action.name):
                continue
            group = groups.setdefault(tuple(matches(box.actions, action.name) for box in every), {})
            for resources in (asked.resources,) if asked.resources else patterns.arns_of(action, asked.partitions):
                group.setdefault(resources, action.name)
    return [tuple((name, resources) for resources, name in group.items()) for group in groups.values()]


def _prefixes(asked: Question) -> list[str]:
    """Name the services that the policies speak of, in actions or resources."""
    found: dict[str, None] = dict.fromkeys(asked.services)
    languages = [box.actions for box in (*asked.new, *asked.old, *(asked.also or ()))] + ([asked.actions] if asked.actions else [])
    for of in languages:
        for pattern in of.patterns:
            text = "".join(token if isinstance(token, str) else "*" for token in pattern)
            found[text.partition(":")[0]] = None
    for box in (*asked.new, *asked.old, *(asked.also or ())):
        found |= dict.fromkeys(service for text in box.resources or () if (service := patterns.service_of(text)))
    known = [prefix for prefix in found if "*" not in prefix and "?" not in prefix]
    return known or ["s3"]
