"""The sentences of an explanation: what a statement wanted and what the call had."""

from collections.abc import Sequence

from undeny.decide.call import Call
from undeny.decide.model import Miss
from undeny.iam.conditions import read_operator
from undeny.iam.model import Statement

_SHOWN = 3


def listed(texts: Sequence[str]) -> str:
    """Quote a few texts and count the rest.

    >>> listed(["a", "b"])
    '"a", "b"'
    """
    quoted = ", ".join(f'"{text}"' for text in texts[:_SHOWN])
    return quoted + (f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else "")


def applies(statement: Statement, call: Call, held: Sequence[Miss]) -> str:
    """Say what a statement that applies does, and which conditions held."""
    does = "denies" if statement.effect == "Deny" else "allows"
    because = "; ".join(f"the condition {_wants(one)}, and this call had {_had(one)}" for one in held[:_SHOWN])
    return f"it {does} {call.action} on {call.resource}" + (f": {because}" if because else "")


def miss(found: Miss, *, unsure: bool, keys: Sequence[str] = (), filled: Sequence[str] = ()) -> str:
    """Say which element failed, what it wanted and what the call had; or that nobody knows.

    `keys` are those whose value would tell; `filled` what wanted texts with variables amount to in this call.
    """
    return _miss(found, unsure=unsure, keys=keys) + (f" ({'; '.join(filled[:_SHOWN])})" if filled else "")


def variable(text: str, value: str | None) -> str:
    """Say what a text with policy variables amounts to in this call; `None`: a variable has no value, so it matches nothing."""
    return f'here "{text}" is "{value}"' if value is not None else f'here "{text}" has no value and matches nothing'


def _miss(found: Miss, *, unsure: bool, keys: Sequence[str]) -> str:
    if unsure:
        return _unsure(found, keys)
    if found.element == "condition":
        return f"the condition {_wants(found)}, and this call had {_had(found)}"
    if found.element == "principal":
        return _principal(found)
    noun = found.element
    if not found.wanted:
        return f"the statement has no {noun.capitalize()}, and in this kind of policy it then has no effect"
    if found.operator is not None:
        return f"the {found.operator} leaves out {listed(found.wanted)}, and this call had {listed(found.got or ())}"
    return f"the {noun} wants {listed(found.wanted)}, and this call had {listed(found.got or ())}"


def _principal(found: Miss) -> str:
    who = listed(found.got) if found.got else "a caller that nobody named"
    if found.operator == "NotPrincipal":
        return f"the NotPrincipal leaves out {listed(found.wanted)}, and the caller is {who}"
    return f"the principal wants {listed(found.wanted) or 'nobody'}, and the caller is {who}"


def _unsure(found: Miss, keys: Sequence[str]) -> str:
    if found.element == "condition" and read_operator(found.operator or "") is None:
        return f"the condition has an operator that is not known: {found.operator}"
    if keys:
        wants = f"the condition {_wants(found)}" if found.element == "condition" else f"the {found.element} wants {listed(found.wanted)}"
        return f"{wants}, and nobody knows what this call had for {' and '.join(dict.fromkeys(keys))}"
    if found.element == "condition":
        return f"the condition {_wants(found)}, and whether {_had(found)} fits AWS does not say"
    if not found.wanted:
        return f"the statement's {found.element} could not be read"
    return f"the {found.element} wants {listed(found.wanted)}, and whether that is this call's is not known"


def _wants(found: Miss) -> str:
    name = f"{found.operator} {found.key}"
    written = read_operator(found.operator or "")
    if written is not None and written.operator.type == "null":
        wanted = "it absent" if "true" in {value.lower() for value in found.wanted} else "it there"
        return f"{name} wants {wanted}"
    if written is not None and written.operator.negated:
        return f"{name} wants anything but {listed(found.wanted)}"
    return f"{name} wants {listed(found.wanted)}"


def _had(found: Miss) -> str:
    if found.got is None:
        return f"no {found.key}"
    return listed(found.got) if found.got else f"an empty {found.key}"
