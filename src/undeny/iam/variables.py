"""Policy variables: `${key}`, `${key, 'default'}`, and the escapes `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping

import msgspec

from undeny.iam.wildcard import STAR, Token, Tokens, tokens

VARIABLE = re.compile(r"\$\{(?:([*?$])|([^{}',]+)(?:,( ?)'([^']*)')?)\}")
MULTI_VALUED = frozenset(
    {
        "aws:calledvia",
        "aws:tagkeys",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:vpceorgpaths",
    }
)
"""Global keys with several values, in lower case: they cannot be policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""


class Unknown(msgspec.Struct, frozen=True):
    """A context value that nobody knows; `present` where it is known to be there."""

    present: bool = False


UNKNOWN = Unknown()
UNKNOWN_PRESENT = Unknown(present=True)
KeyValue = str | tuple[str, ...] | Unknown | None
Context = Mapping[str, KeyValue]
"""Condition keys in lower case to values; `None` or not listed: absent."""


class Variable(msgspec.Struct, frozen=True):
    """A variable in a template: the key as written and in lower case, and its default."""

    key: str
    lower: str
    default: str | None = None


Part = Tokens | Variable
Template = tuple[Part, ...]


def has_variable(text: str) -> bool:
    """Whether a text holds a policy variable or an escape."""
    return "${" in text and VARIABLE.search(text) is not None


def template(text: str, *, start: int = 0) -> Template:
    """Take a text apart into tokens and variables; what stands before `start` is literal text with wildcards."""
    parts: list[Part] = []
    at = 0
    for match in VARIABLE.finditer(text, start):
        parts.append(tokens(text[at : match.start()]))
        escape, key, _, default = match.groups()
        parts.append((escape,) if escape else Variable(key.strip(), key.strip().lower(), default))
        at = match.end()
    parts.append(tokens(text[at:]))
    return tuple(part for part in parts if part != ())


def literal(parts: Template) -> Template:
    """Read the wildcards of a template as the characters that they are (`StringEquals`)."""
    return tuple(part if isinstance(part, Variable) else tuple(as_text(part)) for part in parts)


def value_of(variable: Variable, context: Context) -> str | Unknown | None:
    """Give the value of a variable: its text, its default, `None` for null, `Unknown`."""
    value = context.get(variable.lower)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, tuple):
        value = value[0] if len(value) == 1 and variable.lower not in MULTI_VALUED else None
    elif variable.lower in MULTI_VALUED:
        value = None
    return variable.default if value is None else value


def substitute(parts: Template, context: Context) -> Tokens | Unknown | None:
    """Put values into a template, each character standing for itself; `None` where a variable is null."""
    written: list[Token] = []
    unknown: Unknown | None = None
    for part in parts:
        if not isinstance(part, Variable):
            written.extend(part)
            continue
        value = value_of(part, context)
        if value is None:
            return None
        if isinstance(value, Unknown):
            unknown = value
        else:
            written.extend(value)
    return unknown or tuple(written)


def widest(parts: Template, context: Context) -> Tokens:
    """Put values into a template, any text standing for what is not known: what this does not match, no value would match."""
    written: list[Token] = []
    for part in parts:
        if not isinstance(part, Variable):
            written.extend(part)
            continue
        value = value_of(part, context)
        written.extend((STAR,) if isinstance(value, Unknown) else value or "")
    return tuple(written)


def as_text(parts: Tokens) -> str:
    """Write tokens back where no wildcard has a meaning (`StringEquals`)."""
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def keys_in(parts: Template) -> tuple[str, ...]:
    """Name the keys that a template's variables read, as written."""
    return tuple(part.key for part in parts if isinstance(part, Variable))


def fifth_colon(pattern: str) -> int:
    """Where the resource part of an ARN pattern begins: variables before it are literal text; the text's length where it has none."""
    at = -1
    for _ in range(5):
        at = pattern.find(":", at + 1)
        if at < 0:
            return len(pattern)
    return at + 1
