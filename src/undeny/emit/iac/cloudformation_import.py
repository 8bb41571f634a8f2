"""The file that names to CloudFormation what is there already: `--resources-to-import`."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import cloudformation
from undeny.fix.model import Fix
from undeny.iam import write

NAME = "cloudformation-import"
SUFFIX = "resources-to-import.json"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html"


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the resources to import, `[]` where the fix makes only new ones."""
    return write.dump(cloudformation.imports(fix, scenario)) + "\n"
