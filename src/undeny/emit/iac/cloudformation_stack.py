"""The commands that bring a fix into a stack: import what is there as it is, then a change set with the change, each shown first."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac import cloudformation
from undeny.fix.model import Fix

NAME = "cloudformation-stack"
SUFFIX = "stack.sh"
SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html"
SCRIPT = """\
#!/bin/sh
# {title}
# Makes change sets and shows them; with --apply it carries them out. STACK names the stack.
set -eu
cd "$(dirname "$0")"
base=$(basename "$0" .stack.sh)
STACK=${{STACK:-undeny-$base}}
step() {{ # name, type, template, more options
  name=$1 kind=$2 template=$3
  shift 3
  aws cloudformation create-change-set --stack-name "$STACK" --change-set-name "$name" --change-set-type "$kind"{capabilities} \\
    --template-body "file://$template" "$@"
  aws cloudformation wait change-set-create-complete --stack-name "$STACK" --change-set-name "$name"
  aws cloudformation describe-change-set --stack-name "$STACK" --change-set-name "$name" --query 'Changes[].ResourceChange'
  if [ "$apply" != --apply ]; then
    echo "nothing was changed; look at the change set, then: sh $0 --apply"
    aws cloudformation delete-change-set --stack-name "$STACK" --change-set-name "$name"
    exit 0
  fi
  aws cloudformation execute-change-set --stack-name "$STACK" --change-set-name "$name"
  aws cloudformation wait "$waits" --stack-name "$STACK"
}}
apply=${{1:-}}
{steps}
"""
IMPORT = """\
# what is there comes into the stack as it is: an import changes nothing
waits=stack-import-complete
step undeny-import IMPORT "$base.before.template.json" --resources-to-import "file://$base.resources-to-import.json"
# the change
waits=stack-update-complete
step undeny-change UPDATE "$base.template.json"
# where another stack has it already, import nothing: move it here, with both templates as they are to be,
# aws cloudformation create-stack-refactor --resource-mappings file://mapping.json \\
#   --stack-definitions StackName=OTHER,TemplateBody@=file://other.json "StackName=$STACK,TemplateBody@=file://$base.before.template.json"
# aws cloudformation execute-stack-refactor --stack-refactor-id ID"""
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html"""
CREATE = """\
# everything in it is new
waits=stack-create-complete
step undeny-change CREATE "$base.template.json\""""


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the commands."""
    iam = any(one.kind in ("role_inline", "user_inline", "group_inline", "managed", "trust") for one in shape.shapes(fix, scenario))
    return SCRIPT.format(
        title=" ".join(fix.title.split()),
        capabilities=" --capabilities CAPABILITY_NAMED_IAM" if iam else "",
        steps=IMPORT if cloudformation.imports(fix, scenario) else CREATE,
    )
