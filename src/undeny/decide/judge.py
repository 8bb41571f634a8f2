"""The second pass: why each statement applied or did not, over the same compiled form as the decision."""

from collections.abc import Iterable, Sequence

import msgspec

from undeny.decide import say
from undeny.decide.call import Call
from undeny.decide.model import LAYERS, Element, Miss, StatementResult
from undeny.decide.naming import Namer
from undeny.decide.rules import Answer, Entry
from undeny.iam.model import Condition, Principals, Statement
from undeny.iam.variables import Context, Unknown, as_text, has_variable, keys_in, substitute, template

_ACTIONS = 32
_MALFORMED = "the statement is malformed, so nobody can say what it does"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A statement's result, and the context keys whose value would settle it where that is not known.

    `order` sorts those of one group: the nearest miss first, then the one whose wanted text is most like the call's, then by layer.
    """

    result: StatementResult
    order: int
    keys: tuple[str, ...] = ()
    malformed: bool = False


class _Step(msgspec.Struct, frozen=True):
    """What one element says. Its miss is there where it is no match, and for every condition."""

    element: Element
    answer: Answer
    miss: Miss
    keys: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


_MATCHED: tuple[Element, ...] = ("principal", "action", "resource")
_PRINCIPAL, _ACTION, _RESOURCE = (_Step(element, True, Miss(element=element, wanted=(), got=None)) for element in _MATCHED)


def judge(  # noqa: PLR0913 - a statement, the call, and how its kind of policy reads
    entry: Entry, call: Call, context: Context, *, namer: Namer | None, without_resource: Answer, off: str | None = None
) -> Judged:
    """Look at a statement element by element: principal, action, resource, conditions; the first that fails is the miss.

    Where its action or a resource without variables fails that is remembered: no context changes it, and most statements are such.
    """
    if namer is None and off is None and not call.resource_untold:
        known = _remembered(entry, call)
        if known is not None:
            return known
    found = _judge(entry, call, context, namer=namer, without_resource=without_resource, off=off)
    if namer is None and off is None and not call.resource_untold and found.result.applies is False and found.result.miss is not None:
        _remember(entry, call, found, found.result.miss.element)
    return found


def _remembered(entry: Entry, call: Call) -> Judged | None:
    """Give what is known of a statement that speaks on another action or resource, in whatever context."""
    found: Judged | None = entry.passed_over.get(call.action)
    if found is None and entry.elsewhere is not None and entry.elsewhere[1] == call.resource and entry.elsewhere[0] == call.action:
        found = entry.elsewhere[2]
    return found


def _remember(entry: Entry, call: Call, found: Judged, element: Element) -> None:
    if element == "action":
        if len(entry.passed_over) >= _ACTIONS:
            entry.passed_over.clear()
        entry.passed_over[call.action] = found
    elif element == "resource" and entry.statement.has_resource and entry.statement.fixed:
        entry.elsewhere = (call.action, call.resource, found)


def _judge(  # noqa: PLR0913 - as above
    entry: Entry, call: Call, context: Context, *, namer: Namer | None, without_resource: Answer, off: str | None
) -> Judged:
    statement = entry.statement.statement
    failed = unsure = None
    matched: list[Element] = []
    held: list[Miss] = []
    keys: tuple[str, ...] = ()
    sure = 0
    for step in _steps(entry, call, context, namer=namer, without_resource=without_resource):
        if step.answer is False:
            failed = step
            break
        if step.answer is None:
            keys += step.keys
            if unsure is None:
                unsure, sure = step, len(matched)
        elif step.element == "condition":
            held.append(step.miss)
        if step.element not in matched:
            matched.append(step.element)
    decisive = failed or unsure
    if decisive is not None:
        matched = [one for one in (matched if failed else matched[:sure]) if one != decisive.element]
    applies: Answer = False if failed or off else None if unsure or not statement.usable else True
    malformed = applies is None and unsure is None
    miss = decisive.miss if decisive is not None and off is None else None
    return Judged(
        result=StatementResult(
            layer=entry.layer,
            policy=entry.policy,
            sid=statement.sid,
            index=statement.index,
            effect=statement.effect,
            applies=applies,
            why=off or (_MALFORMED if malformed else _why(statement, call, decisive, held)),
            target=entry.target,
            matched=tuple(matched),
            miss=miss,
            held=tuple(held) if applies else (),
        ),
        order=_order(len(matched) * 1000 + len(held) * 10, _kinship(miss), LAYERS.index(entry.layer)),
        keys=keys if applies is None else (),
        malformed=malformed or (applies is None and not statement.usable),
    )


def _order(nearness: int, kinship: int, layer: int) -> int:
    """Write three numbers as one: the greater nearness first, then the greater kinship, then the first layer."""
    return ((1 << 24) - nearness << 24) + ((1 << 16) - min(kinship, 1 << 16) << 4) + layer


def _kinship(miss: Miss | None) -> int:
    """How much of what the call had the nearest wanted text begins with."""
    if miss is None or not miss.got or miss.element == "condition":
        return 0
    got = miss.got[0].lower()
    near = (wanted for text in miss.wanted if (wanted := text.lower()).startswith(got[:3]))
    return max((_common(got, wanted) for wanted in near), default=0)


def _common(one: str, other: str) -> int:
    if other.startswith(one) or one.startswith(other):
        return min(len(one), len(other))
    return next(index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)


def _why(statement: Statement, call: Call, decisive: _Step | None, held: Sequence[Miss]) -> str:
    if decisive is None:
        return say.applies(statement, call, held)
    return say.miss(decisive.miss, unsure=decisive.answer is None, keys=decisive.keys, filled=decisive.filled)


def _steps(entry: Entry, call: Call, context: Context, *, namer: Namer | None, without_resource: Answer) -> Iterable[_Step]:
    statement = entry.statement.statement
    if namer is not None:
        named = namer(statement)
        answer: Answer = True if any(named.values()) else None if named else False
        yield _PRINCIPAL if answer else _Step("principal", answer, _principal_miss(statement, call, answer))
    acts = entry.statement.acts(call.service, call.name)
    yield _ACTION if acts else _Step("action", acts, _texts_miss("action", statement, call.action, acts))
    about = _about(entry, call, context, without_resource)
    yield _RESOURCE if about else _resource_step(entry, call, context, about)
    for condition, test in zip(statement.condition, entry.statement.conditions, strict=True):
        answer = test(context)
        filled = _filled(condition.values, context, entry) if answer is False and context.get(condition.key.lower()) is not None else ()
        keys = _condition_keys(condition, context) if answer is None else ()
        yield _Step("condition", answer, _condition_miss(condition, context, answer), keys, filled)


def _resource_step(entry: Entry, call: Call, context: Context, about: Answer) -> _Step:
    statement = entry.statement.statement
    keys = _variable_keys(statement.resource or statement.not_resource or (), context) if about is None else ()
    filled = _filled(statement.resource or statement.not_resource or (), context, entry) if about is False else ()
    return _Step("resource", about, _texts_miss("resource", statement, call.resource, about), keys, filled)


def _filled(texts: Iterable[str], context: Context, entry: Entry) -> tuple[str, ...]:
    """Say what texts with variables amount to in this call."""
    said = []
    for text in texts if entry.statement.variables else ():
        if keys_in(template(text)):
            value = substitute(template(text), context)
            if not isinstance(value, Unknown):
                said.append(say.variable(text, None if value is None else as_text(value)))
    return tuple(said)


def _about(entry: Entry, call: Call, context: Context, without_resource: Answer) -> Answer:
    if entry.statement.has_resource and call.resource_untold:
        return entry.statement.concerns_some(call.resource)
    if entry.statement.has_resource:
        return entry.statement.concerns(call.resource, context)
    return without_resource if not {"Resource", "NotResource"} & set(entry.statement.statement.raw) else None


def _principal_miss(statement: Statement, call: Call, answer: Answer) -> Miss:
    element: Principals = statement.principal if statement.principal is not None else statement.not_principal or {}
    wanted = tuple(value for values in element.values() for value in values)
    got = (call.principal.text,) if call.principal.text else None
    return Miss(
        element="principal",
        wanted=wanted,
        got=got,
        operator=None if statement.principal is not None else "NotPrincipal",
        unknown=answer is None,
    )


def _texts_miss(element: Element, statement: Statement, got: str, answer: Answer) -> Miss:
    plain, negated = (statement.action, statement.not_action) if element == "action" else (statement.resource, statement.not_resource)
    operator = ("NotAction" if element == "action" else "NotResource") if plain is None and negated is not None else None
    return Miss(element=element, wanted=plain or negated or (), got=(got,), operator=operator, unknown=answer is None)


def _condition_miss(condition: Condition, context: Context, answer: Answer) -> Miss:
    value = context.get(condition.key.lower())
    got = None if value is None or isinstance(value, Unknown) else (value,) if isinstance(value, str) else value
    return Miss(
        element="condition", wanted=condition.values, got=got, operator=condition.operator, key=condition.key, unknown=answer is None
    )


def _condition_keys(condition: Condition, context: Context) -> tuple[str, ...]:
    own = (condition.key,) if isinstance(context.get(condition.key.lower()), Unknown) else ()
    return own + _variable_keys(condition.values, context)


def _variable_keys(texts: Iterable[str], context: Context) -> tuple[str, ...]:
    keys = (key for text in texts if has_variable(text) for key in keys_in(template(text)))
    return tuple(dict.fromkeys(key for key in keys if isinstance(context.get(key.lower()), Unknown)))
