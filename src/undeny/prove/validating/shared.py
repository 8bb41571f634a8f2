"""What several rules ask of a statement: its actions with their places, the catalogue's word on them, whether an ARN can be meant."""

from collections.abc import Iterator

from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.arn import Arn
from undeny.iam.model import Condition, Document, Statement
from undeny.prove.containment import patterns
from undeny.prove.containment.language import EFFORT, Language, TooHardError, find_word

Path = tuple[str | int, ...]
MOST = 40
"""Actions of one pattern that are looked at: a pattern over a whole service has hundreds."""
_STATES = 20_000


def entries(statement: Statement, *elements: str) -> Iterator[tuple[str, Path]]:
    """Give the texts of elements such as `Action` and `NotAction` with their paths."""
    held = {
        "Action": statement.action,
        "NotAction": statement.not_action,
        "Resource": statement.resource,
        "NotResource": statement.not_resource,
    }
    for element in elements:
        for index, text in enumerate(held[element] or ()):
            yield text, ("Statement", statement.index, element, index)


def conditions(document: Document) -> Iterator[tuple[Statement, Condition, Path]]:
    """Give every condition with its statement and the path of its key."""
    for statement in document.statements:
        for condition in statement.condition:
            yield statement, condition, ("Statement", statement.index, "Condition", condition.operator, condition.key)


def named(statement: Statement) -> tuple[catalog.Action, ...] | None:
    """Give the known actions that `Action` names; `None` where it names others too, all of them, or has `NotAction`."""
    if statement.action is None:
        return None
    found: dict[str, catalog.Action] = {}
    for text in statement.action:
        if text in ("*", "*:*"):
            return None
        names = catalog.expand(text) if wildcard.has_wildcard(text) else (text,)
        for name in names[:MOST]:
            action = catalog.action(name)
            if action is None:
                return None
            found[action.name] = action
    return tuple(found.values())


def partitions(text: str) -> tuple[str, ...]:
    """Give the partition of an ARN pattern, all of them where it is a wildcard."""
    known = ("aws", "aws-cn", "aws-us-gov")
    arn = Arn.parse(text)
    return known if arn is None else tuple(one for one in known if wildcard.matches(arn.partition, one)) or (arn.partition,)


def meets(text: str, languages: tuple[Language, ...]) -> bool:
    """Whether an entry of `Resource` can match a text of one of the languages; true where that is not known."""
    if "${" in text or text == "*":
        return True
    EFFORT.set([_STATES])
    entry = Language(frozenset({patterns.resource(text, None)}))
    try:
        return any(find_word([entry, language], []) is not None for language in languages)
    except TooHardError:
        return True


def arns_of_service(prefix: str, of: tuple[str, ...]) -> tuple[Language, ...]:
    """Give every ARN that a service's things can have."""
    service = catalog.service(prefix)
    found = (
        {language for action in service.actions.values() if action.resources for language in patterns.arns_of(action, of)}
        if service
        else set()
    )
    return tuple(found)


def shown(texts: list[str], most: int = 3) -> str:
    """Write some names in a row."""
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(f"`{text}`" for text in texts[:most]) + rest
