"""The ARN of what a call works on: named by the denial, or built from the call's parameters and AWS's templates."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from undeny import catalog
from undeny.calls._place import Place, fold, service_file, texts
from undeny.iam import arn as arns

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ENDINGS = ("withpath", "name", "id", "identifier")


def named(action: str, candidates: Iterable[str]) -> str | None:
    """Give the first ARN that is of a resource type on which the action works."""
    templates = set(catalog.arn_template(action))
    for text in candidates:
        kinds = catalog.resource_types(text)
        if any(kind.arn in templates for kind in kinds):
            return text
    return None


def built(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of the action's resource from the call's parameters; `None` where they do not say it.

    The service's own file is asked first (its empty text means: not known, do not guess), then a parameter that is such an ARN already,
    then the templates, fullest first.
    """
    own = getattr(service_file(action.partition(":")[0]), "resource", None)
    if own is not None:
        found = own(action, parameters, place)
        if found is not None:
            return str(found) or None
    direct = named(action, (text for text in texts(parameters) if text.startswith("arn:")))
    if direct is not None:
        return direct
    templates = [(len(_VARIABLE.findall(one)), one) for one in catalog.arn_template(action)]
    telling = [one for count, one in sorted(templates, key=lambda pair: -pair[0]) if count > 3 or len(templates) == 1]
    noun = fold(action.partition(":")[2])
    return next((arn for arn in (fill(template, parameters, place, noun) for template in telling) if arn is not None), None)


def fill(template: str, parameters: Mapping[str, Any], place: Place, noun: str = "") -> str | None:
    """Fill an ARN template from parameters; `None` where a variable has no value.

    `noun` is the folded name of the operation: the `name` of CreateStateMachine is a StateMachineName.
    """
    known = {"partition": place.partition, "region": place.region, "account": place.account}
    values: dict[str, str] = {}
    for variable in _VARIABLE.findall(template):
        wanted = fold(variable)
        value = known[wanted] if wanted in known else _parameter(wanted, parameters, noun)
        if value is None:
            return None
        values[variable] = value
    return _VARIABLE.sub(lambda match: values[match.group(1)], template)


def _parameter(variable: str, parameters: Mapping[str, Any], noun: str) -> str | None:
    """Find the parameter that a template's variable means: of its name, or of its name with another ending (`RoleName`, `Role`)."""
    folded = {fold(name): _single(value) for name, value in parameters.items()}
    stem = next((variable.removesuffix(ending) for ending in _ENDINGS if variable.endswith(ending)), variable)
    tries = [variable, *(stem + ending for ending in ("name", "id", "", "identifier", "names", "ids", "s"))]
    if stem and stem in noun:
        tries += ["name", "id"]
    for one in dict.fromkeys(tries):
        value = folded.get(one)
        if value and arns.parse(value) is None:
            return value
    return None


def _single(value: object) -> str | None:
    """Give a text, or the first of a list of texts: a call on several things is several requests, of which this is one."""
    if isinstance(value, list | tuple) and value:
        value = value[0]
    return value if isinstance(value, str) else None
