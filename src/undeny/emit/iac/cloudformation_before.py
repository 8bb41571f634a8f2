"""The template of what is there already, as it is: what an import change set takes before the change is made."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import cloudformation
from undeny.fix.model import Fix

NAME = "cloudformation-before"
SUFFIX = "before.template.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import.html"


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the template; without resources where nothing is there yet."""
    return cloudformation.as_it_is(fix, scenario)
