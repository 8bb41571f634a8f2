"""A condition key that does not exist, or that the statement's actions never carry: the condition then never holds."""

from collections.abc import Iterator
from difflib import get_close_matches

from undeny import catalog
from undeny.iam.conditions import read_operator
from undeny.iam.model import Condition, Document, Statement
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIpp": "x"}}}],
        },
        "identity",
        ("unknown-condition-key",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObject", "s3:ListBucket"],
                    "Resource": "*",
                    "Condition": {"StringLike": {"s3:prefix": "a/*"}},
                }
            ],
        },
        "identity",
        ("key-not-carried",),
    ),
)
_PER_ACTION = ("aws:requesttag/${tagkey}", "aws:tagkeys")
"""Global keys that only calls which pass tags carry: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html."""


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Look every key up, then ask which of the actions carry it."""
    del kind
    for statement, condition, path in shared.conditions(document):
        known = catalog.condition_key(condition.key)
        if known is None:
            yield from _unknown(condition, path)
        else:
            yield from _carried(statement, condition, known.name.lower(), path)


def _unknown(condition: Condition, path: shared.Path) -> Iterator[Spot]:
    prefix = condition.key.partition(":")[0].lower()
    if "." in prefix or ":" not in condition.key or prefix not in (*catalog.prefixes(), "aws"):
        if ":" in condition.key:
            return  # a claim of an identity provider that nobody has listed
        message = f"`{condition.key}` is no condition key: it has no prefix such as `aws:`"
        yield Spot(code="unknown-condition-key", message=message, path=path, help=_near(f"aws:{condition.key}"), name=True)
        return
    message = f"no condition key is called `{condition.key}` (as of {catalog.AS_OF})"
    yield Spot(code="unknown-condition-key", message=message, path=path, help=_near(condition.key), name=True)


def _near(key: str) -> tuple[str, ...]:
    service = catalog.service(key.partition(":")[0])
    names = [one.name for one in (*catalog.global_keys().values(), *(service.condition_keys.values() if service else ()))]
    by_fold = {name.lower(): name for name in names}
    return tuple(f"did you mean `{by_fold[one]}`?" for one in get_close_matches(key.lower(), by_fold, n=1))


def _carried(statement: Statement, condition: Condition, key: str, path: shared.Path) -> Iterator[Spot]:
    written = read_operator(condition.operator)
    actions = shared.named(statement)
    if written is None or not actions or not _must_be_there(condition) or _always(key):
        return
    without = [action.name for action in actions if key not in _keys(action)]
    if statement.effect == "Deny" and len(without) < len(actions):
        return  # a deny that does not reach all of its actions may well be meant so
    exact = [name for name in without if any(name.lower() == text.lower() for text in statement.action or ())]
    told = without if len(without) == len(actions) else exact
    if told:
        never = "allows" if statement.effect == "Allow" else "denies"
        message = f"{shared.shown(told)} never carries `{condition.key}`, so this statement never {never} it"
        helps = ("give these actions a statement of their own",) if len(told) < len(actions) else ("ask for a key that they carry",)
        yield Spot(code="key-not-carried", message=message, path=path, help=helps, level="warning", name=True)


def _must_be_there(condition: Condition) -> bool:
    """Whether the condition fails where the key is absent."""
    written = read_operator(condition.operator)
    if written is None or written.if_exists or written.quantifier == "all":
        return False
    if written.operator.type == "null":
        return all(value.lower() == "false" for value in condition.values)
    return not written.operator.negated


def _always(key: str) -> bool:
    """Whether a key is none that belongs to single actions: a global one, or an identity provider's claim."""
    return (key.startswith("aws:") and key not in _PER_ACTION) or key.partition(":")[0] not in (*catalog.prefixes(), "aws")


def _keys(action: catalog.Action) -> set[str]:
    service = catalog.service(action.prefix)
    types = [service.resource_types.get(one.name.lower()) for one in action.resources] if service else []
    of_types = [key for kind in types if kind for key in kind.condition_keys]
    of_resources = [key for one in action.resources for key in one.condition_keys]
    return {key.lower() for key in (*action.condition_keys, *of_resources, *of_types)}
