"""The patterns of policies as languages: actions, resources, condition values, and the ARNs that can exist."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from undeny import catalog
from undeny.iam.variables import VARIABLE
from undeny.prove.containment.language import ANY, ONE, Language, Pattern, Token, Wild, language, matches

Values = Mapping[str, str | None]
"""What policy variables stand for, by key in lower case; `None`: the key is absent."""
NO_COLONS = Wild("no-colon", many=True)
NOT_COLON = Wild("no-colon", many=False)
REGION = (Wild("region", many=True),)
_WILD: Mapping[str, Token] = {"*": ANY, "?": ONE}
DIGITS = (Wild("digit", many=False),) * 12


class NoValueError(Exception):
    """A policy variable that has no value: the pattern matches nothing."""


def actions(texts: Iterable[str]) -> Language:
    """Read entries of `Action`, compared without case."""
    return language(*(text.lower() for text in texts), fold=True)


def action_names() -> Language:
    """Give every name that an action could have."""
    service = (Wild("letter", many=False), Wild("region", many=True))
    return Language(frozenset({(*service, ":", Wild("letter", many=False), Wild("letter", many=True))}), fold=True)


def variables_in(text: str) -> frozenset[str]:
    """Name the keys that the text uses as policy variables, in lower case."""
    return frozenset(found[2].strip().lower() for found in VARIABLE.finditer(text) if found[2])


def value(text: str, values: Values | None) -> list[Token]:
    """Read a pattern whose variables have these values; without values (a 2008 policy) everything is literal but wildcards."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = VARIABLE.match(text, at) if values is not None else None
        if values is None or found is None:
            tokens.append(_WILD.get(text[at], text[at]))
            at += 1
            continue
        known = found[1] or values.get(found[2].strip().lower())
        if known is None:
            known = found[4]
        if known is None:
            raise NoValueError
        tokens += known
        at = found.end()
    return tokens


def several(texts: Iterable[str], read: Callable[[str], Pattern], *, fold: bool = False) -> Language:
    """Read several patterns; one whose variable has no value matches nothing."""
    found = set()
    for text in texts:
        try:
            found.add(read(text))
        except NoValueError:
            continue
    return Language(frozenset(found), fold=fold)


def halves(text: str) -> tuple[str, str]:
    """Cut a pattern of ARNs behind its first five colons: only what follows them holds policy variables."""
    cut = re.match(r"(?:[^:]*:){5}", text)
    return (cut[0], text[cut.end() :]) if cut else (text, "")


def service_of(text: str) -> str | None:
    """Name the service that a pattern of ARNs speaks of; `None` where it speaks of several."""
    found = re.match(r"arn:[^:]*:([\w-]+):", text)
    return found[1] if found else None


def resource(text: str, values: Values | None) -> Pattern:
    """Read an entry of `Resource`: the semantics of `iam.wildcard.arn_matches`, segment by segment (trap 9)."""
    head, tail = halves(text)
    start: list[Token] = []
    for i, character in enumerate(head):
        last = head[i + 1 : i + 2] in ("", ":")
        start.append((ANY if last else NO_COLONS) if character == "*" else NOT_COLON if character == "?" else character)
    return (*start, *value(tail, values))


def like_arn(text: str, values: Values | None) -> Pattern:
    """Read a value of an ARN operator: six parts, each by itself; a value that is no ARN matches nothing."""
    tokens = value(text, values)
    colons = [i for i, part in enumerate(tokens) if part == ":"]
    if len(colons) < 5 or not matches(Language(frozenset({tuple(tokens[: colons[0]])})), "arn"):
        raise NoValueError
    segment: Mapping[Token, Token] = {ANY: NO_COLONS, ONE: NOT_COLON}
    start = [segment.get(part, part) for part in tokens[: colons[4]]]
    return (*start, *tokens[colons[4] :])


ARN_SHAPED = Language(frozenset({(*"arn:", *(NO_COLONS, ":") * 4, ANY)}))


def arns(partitions: Iterable[str]) -> Language:
    """Give every ARN that can exist, and `*`, the resource of actions that have none."""
    found: set[Pattern] = {("*",)}
    for partition in partitions:
        for account in (DIGITS, (), tuple("aws")):
            service: Pattern = (Wild("letter", many=False), Wild("region", many=True))
            found.add((*f"arn:{partition}:", *service, ":", *REGION, ":", *account, ":", ONE, ANY))
    return Language(frozenset(found))


def arns_of(action: catalog.Action, partitions: Iterable[str]) -> tuple[Language, ...]:
    """Give the ARNs that an action can work on, one language for each template of the catalogue; `*` where it may name no resource.

    S3 lists an action's object and access point as alternatives, neither of them required: there it is always one of them.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    service = catalog.service(action.prefix)
    kinds = [service.resource_types.get(needed.name.lower()) for needed in action.resources] if service else []
    found = [Language(_template(kind.arn, partition)) for kind in kinds if kind for partition in partitions]
    if not found or not (action.prefix == "s3" or any(needed.required for needed in action.resources)):
        found.append(Language(frozenset({("*",)})))
    return tuple(found)


_FILLED: Mapping[str, tuple[Pattern, ...]] = {
    "Region": ((Wild("region", many=False), *REGION),),
    "Account": (DIGITS, tuple("aws")),
    "BucketName": ((Wild("no-slash", many=False), Wild("no-slash", many=True)),),
}
_ANYTHING: tuple[Pattern, ...] = ((ONE, ANY),)


@lru_cache(maxsize=4096)
def _template(arn: str, partition: str) -> frozenset[Pattern]:
    found: list[Pattern] = [()]
    for part in re.split(r"(\$\{\w+\})", arn.replace("${Partition}", partition)):
        name = part[2:-1] if part.startswith("${") else None
        more: Iterable[Pattern] = _FILLED.get(name, _ANYTHING) if name else (tuple(ANY if c == "*" else c for c in part),)
        found = [(*start, *end) for start in found for end in more]
    return frozenset(found)


def likely_arns() -> tuple[Language, ...]:
    """Give ARNs as documentation writes them, the likeliest first: a witness is for people to read."""
    places = ("::", ":111122223333:", "us-east-1:111122223333:")
    return tuple(Language(frozenset({(*(NO_COLONS, ":") * 3, *place, ANY)})) for place in places)
