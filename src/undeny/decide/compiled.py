"""Policies compiled once: a statement's elements as tests over an action, a resource and a context.

Actions are split by service into literals, prefixes and one regular expression, resources likewise; expressions are compiled when they are
first needed. `True`, `False`, or `None` where it is not known.
"""

import re
from collections.abc import Callable, Sequence

from undeny.iam import wildcard
from undeny.iam.conditions import Holds, compile_condition
from undeny.iam.model import Document, Statement
from undeny.iam.statement import is_action
from undeny.iam.variables import Context, Template, Unknown, fifth_colon, has_variable, substitute, template, widest

_CACHE: dict[str, tuple["CompiledStatement", ...]] = {}
_CACHE_SIZE = 4096


class Texts:
    """Texts with wildcards at their end or elsewhere, matched with the cheapest means."""

    __slots__ = ("_compile", "_odd", "_pattern", "literals", "prefixes")

    def __init__(self, compile_all: Callable[[Sequence[str]], re.Pattern[str]]) -> None:
        self.literals: set[str] = set()
        self.prefixes: tuple[str, ...] = ()
        self._odd: list[str] = []
        self._pattern: re.Pattern[str] | None = None
        self._compile = compile_all

    def add(self, pattern: str) -> None:
        """Take one more pattern."""
        head = pattern[:-1]
        if not wildcard.has_wildcard(pattern):
            self.literals.add(pattern)
        elif pattern.endswith("*") and not wildcard.has_wildcard(head):
            self.prefixes += (head,)
        else:
            self._odd.append(pattern)

    def match(self, text: str) -> bool:
        """Whether any pattern fits."""
        if text in self.literals or (self.prefixes and text.startswith(self.prefixes)):
            return True
        if not self._odd:
            return False
        if self._pattern is None:
            self._pattern = self._compile(self._odd)
        return self._pattern.fullmatch(text) is not None


def _names(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{wildcard.regex(wildcard.tokens(one))})" for one in patterns), re.DOTALL)


def _arns(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{wildcard.arn_tokens(wildcard.tokens(one))})" for one in patterns), re.DOTALL)


class Actions:
    """The entries of `Action` or `NotAction`, by service."""

    __slots__ = ("_services", "every")

    def __init__(self, entries: Sequence[str]) -> None:
        self.every = False
        self._services: dict[str, Texts] = {}
        for entry in entries:
            prefix, _, name = entry.lower().partition(":")
            if prefix == "*":
                self.every = True
                continue
            texts = self._services.get(prefix)
            if texts is None:
                texts = self._services[prefix] = Texts(_names)
            texts.add(name)

    def match(self, service: str, name: str) -> bool:
        """Whether an action in lower case, split at its colon, is among them."""
        if self.every:
            return True
        texts = self._services.get(service)
        return texts is not None and texts.match(name)


class Resources:
    """The entries of `Resource` or `NotResource`: those without variables, and templates of those with."""

    __slots__ = ("entries", "every", "templates", "texts")

    def __init__(self, entries: Sequence[str], *, variables: bool) -> None:
        self.entries = tuple(entries)
        self.every = "*" in entries
        self.texts = Texts(_arns)
        self.templates: list[Template] = []
        for entry in entries:
            start = fifth_colon(entry)
            if variables and has_variable(entry[start:]):
                self.templates.append(template(entry, start=start))
            else:
                self.texts.add(entry)

    def match(self, resource: str, context: Context) -> bool | None:
        """Whether a resource is among them; an entry whose variable is null matches none."""
        if self.every or self.texts.match(resource):
            return True
        unknown = False
        for parts in self.templates:
            filled = substitute(parts, context)
            if filled is None:
                continue
            if isinstance(filled, Unknown):
                unknown = unknown or wildcard.compiled_arn(widest(parts, context)).fullmatch(resource) is not None
            elif wildcard.compiled_arn(filled).fullmatch(resource):
                return True
        return None if unknown else False

    def match_some(self, pattern: str) -> bool | None:
        """Whether the resource that nobody named, of which only a pattern is known, is among them."""
        plain = [entry for entry in self.entries if not has_variable(entry)]
        if self.every or any(wildcard.covers(entry, pattern) and wildcard.arn_matches(entry, pattern) for entry in plain):
            return True
        return None if self.templates or any(wildcard.overlaps(entry, pattern) for entry in plain) else False


class CompiledStatement:
    """One statement, its elements as tests. The statement itself stays beside them for the explanation.

    `has_resource`: there is a Resource or NotResource that could be read; `fixed`: it needs no context; `every_resource`: it is `*`.
    `effect_unread`: nobody can say whether it allows or denies.
    """

    __slots__ = (
        "_actions",
        "_not_actions",
        "_not_resources",
        "_resources",
        "conditions",
        "deny",
        "effect_unread",
        "every_resource",
        "fixed",
        "has_resource",
        "statement",
        "tests",
        "variables",
    )

    def __init__(self, statement: Statement, *, variables: bool) -> None:
        self.statement = statement
        self.variables = variables
        self.deny = statement.effect == "Deny"
        self.effect_unread = not statement.usable and statement.raw.get("Effect") not in ("Allow", "Deny")
        self._actions = Actions(statement.action) if statement.action is not None else _perhaps_actions(statement)
        self._not_actions = Actions(statement.not_action) if statement.not_action is not None else None
        self._resources = Resources(statement.resource, variables=variables) if statement.resource is not None else None
        self._not_resources = Resources(statement.not_resource, variables=variables) if statement.not_resource is not None else None
        found = self._resources or self._not_resources
        self.has_resource = found is not None
        self.fixed = found is None or not found.templates
        self.every_resource = self._resources is not None and self._resources.every
        self.conditions: tuple[Holds, ...] = tuple(compile_condition(one, variables=variables) for one in statement.condition)
        self.tests: tuple[Holds, ...] = self.conditions if statement.usable else (*self.conditions, _unusable)

    def acts(self, service: str, name: str) -> bool | None:
        """Whether the action element matches; `None` where it could not be read."""
        if self._actions is not None:
            return self._actions.match(service, name)
        if self._not_actions is not None:
            return not self._not_actions.match(service, name)
        return None

    def concerns(self, resource: str, context: Context) -> bool | None:
        """Whether the resource element matches; `None` where there is none that could be read."""
        if self._resources is not None:
            return self._resources.match(resource, context)
        return None if self._not_resources is None else _not(self._not_resources.match(resource, context))

    def concerns_some(self, pattern: str) -> bool | None:
        """Whether the resource element matches one of which only a pattern is known."""
        if self._resources is not None:
            return self._resources.match_some(pattern)
        return None if self._not_resources is None else _not(self._not_resources.match_some(pattern))


def _not(answer: bool | None) -> bool | None:  # noqa: FBT001 - one of three answers
    return None if answer is None else not answer


def _perhaps_actions(statement: Statement) -> Actions | None:
    """Read what are actions in the malformed `Action` of an Allow: what is none (`s3*:GetObject`, `GetObject`) gives nothing.

    Of a Deny all that is malformed may apply.
    """
    found = statement.raw.get("Action")
    entries = [found] if isinstance(found, str) else found
    if statement.effect != "Allow" or not isinstance(entries, list | tuple) or not all(isinstance(entry, str) for entry in entries):
        return None
    return Actions([entry for entry in entries if is_action(entry)])


def _unusable(context: Context) -> None:
    """Keep a malformed statement from ever being certain."""
    del context


def compile_document(document: Document) -> tuple[CompiledStatement, ...]:
    """Compile a document's statements, remembered by its text."""
    found = _CACHE.get(document.text)
    if found is None:
        found = tuple(CompiledStatement(statement, variables=document.variables) for statement in document.statements)
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.clear()
        _CACHE[document.text] = found
    return found
