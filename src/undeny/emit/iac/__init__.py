"""A fix as code: Terraform, CloudFormation, a boto3 script, AWS CLI commands; one format a file, found by its folder."""

import difflib
from collections.abc import Mapping
from typing import Any

from undeny import dropins
from undeny.errors import UndenyError
from undeny.fix.model import Fix

FORMATS = "undeny.emit.iac"


def names() -> tuple[str, ...]:
    """Give the names of the formats."""
    return tuple(str(module.NAME) for module in dropins.load_all(FORMATS))


def main_names() -> tuple[str, ...]:
    """Give the names of the formats without those that only go beside another."""
    found = names()
    return tuple(one for one in found if not any(one in companions(other) for other in found))


def suffix(name: str) -> str:
    """Give the ending of a file of that format (`tf`)."""
    return str(_format(name).SUFFIX)


def companions(name: str) -> tuple[str, ...]:
    """Give the formats that belong to a format and are written beside it: `lambda-terraform` of `lambda`."""
    return tuple(one for one in names() if one.startswith(f"{name}-"))


def render(name: str, fix: Fix, scenario: Mapping[str, Any] | None = None) -> str:
    """Write a fix in the format `name`. `scenario` is the self-contained scenario, from which ARNs of managed policies are taken.

    Raises `UndenyError` for a format that there is not.
    """
    return str(_format(name).render(fix, scenario or {}))


def _format(name: str) -> Any:
    found = {str(module.NAME): module for module in dropins.load_all(FORMATS)}
    if name not in found:
        near = difflib.get_close_matches(name, found, n=1)
        raise UndenyError(
            f"no output format is called `{name}`",
            code="unknown-format",
            help=(f"did you mean `{near[0]}`?",) if near else (f"there are {', '.join(sorted(found))}",),
        )
    return found[name]
