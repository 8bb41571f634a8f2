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

    The service's own file is asked first, then a parameter that is such an ARN already, then the templates, fullest first.
    """
    own = getattr(service_file(action.partition(":")[0]), "resource", None)
    if own is not None:
        found = own(action, parameters, place)
        if found is not None:
            return str(found)
    direct = named(action, (text for text in texts(parameters) if text.startswith("arn:")))
    if direct is not None:
        return direct
    templates = sorted(catalog.arn_template(action), key=lambda template: -len(_VARIABLE.findall(template)))
    return next((arn for arn in (fill(template, parameters, place) for template in templates) if arn is not None), None)


def fill(template: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Fill an ARN template from folded parameters; `None` where a variable has no value."""
    known = {"partition": place.partition, "region": place.region, "account": place.account}
    values: dict[str, str] = {}
    for variable in _VARIABLE.findall(template):
        wanted = fold(variable)
        value = known[wanted] if wanted in known else _parameter(wanted, parameters)
        if value is None:
            return None
        values[variable] = value
    return _VARIABLE.sub(lambda match: values[match.group(1)], template)


def _parameter(variable: str, parameters: Mapping[str, Any]) -> str | None:
    """Find the parameter that a template's variable means: of its name, or of its name with another ending (`RoleName`, `Role`)."""
    folded = {fold(name): value for name, value in parameters.items() if isinstance(value, str) and value}
    stem = next((variable.removesuffix(ending) for ending in _ENDINGS if variable.endswith(ending)), variable)
    tries = dict.fromkeys([variable, *(stem + ending for ending in ("name", "id", "", "identifier"))])
    for one in tries:
        value = folded.get(one)
        if value is not None and arns.parse(value) is None:
            return value
    return None
