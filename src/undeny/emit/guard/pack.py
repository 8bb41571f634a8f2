"""An AWS Config conformance pack: that trails go on telling of refusals, that nothing is opened too wide, and that this fix stays.

https://docs.aws.amazon.com/config/latest/developerguide/custom-conformance-pack.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import write
from undeny.iam.arn import Arn

MANAGED = "https://docs.aws.amazon.com/config/latest/developerguide/"
LARGEST = 51_200
"""Bytes of a template: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html"""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One managed rule: AWS's identifier, why it is in the pack, its page, parameters, and the one thing that it looks at."""

    identifier: str
    why: str
    page: str
    parameters: Mapping[str, str] = {}
    type: str | None = None
    thing: str | None = None

    @property
    def name(self) -> str:
        """The rule's name in the account."""
        words = self.identifier.lower().replace("_", "-")
        return f"undeny-{words}"[:128]


ALWAYS = (
    Rule(
        identifier="MULTI_REGION_CLOUD_TRAIL_ENABLED",
        why="a trail tells of refusals in every Region",
        page="multi-region-cloudtrail-enabled",
    ),
    Rule(
        identifier="CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED",
        why="alarms on refusals count in the trail's log group",
        page="cloud-trail-cloud-watch-logs-enabled",
    ),
    Rule(
        identifier="CLOUDTRAIL_S3_DATAEVENTS_ENABLED", why="refusals of S3 objects are data events", page="cloudtrail-s3-dataevents-enabled"
    ),
    Rule(
        identifier="CLOUDWATCH_ALARM_ACTION_CHECK",
        why="an alarm that tells nobody is none",
        page="cloudwatch-alarm-action-check",
        parameters={"alarmActionRequired": "true", "insufficientDataActionRequired": "false", "okActionRequired": "false"},
    ),
    Rule(
        identifier="IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        why="no refusal is mended by allowing everything",
        page="iam-policy-no-statements-with-admin-access",
    ),
    Rule(
        identifier="S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
        why="no refusal is mended by opening a bucket to everyone",
        page="s3-bucket-level-public-access-prohibited",
    ),
    Rule(
        identifier="LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
        why="no refusal is mended by opening a function to everyone",
        page="lambda-function-public-access-prohibited",
    ),
    Rule(
        identifier="KMS_CMK_NOT_SCHEDULED_FOR_DELETION", why="a key that goes refuses everyone", page="kms-cmk-not-scheduled-for-deletion"
    ),
)


def rules(fix: Fix | None, scenario: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Give the rules of a pack, those of the fix first."""
    found = {rule.name: rule for rule in (*(_of_fix(fix, scenario) if fix else ()), *ALWAYS)}
    return tuple(found.values())


def _of_fix(fix: Fix, scenario: Mapping[str, Any]) -> Iterator[Rule]:
    held = [edit for edit in fix.changes if isinstance(edit, PolicyEdit) and edit.after is not None]
    for edit in held:
        arn = Arn.parse(edit.target)
        if edit.layer == "resource" and arn is not None and arn.service_prefix == "s3":
            yield Rule(
                identifier="S3_BUCKET_POLICY_NOT_MORE_PERMISSIVE",
                why=f"bucket {arn.bucket} lets other accounts do no more than the proven policy",
                page="s3-bucket-policy-not-more-permissive",
                parameters={"controlPolicy": write.minify(edit.after)},
                type="AWS::S3::Bucket",
                thing=arn.bucket,
            )
        named = _managed(edit, scenario)
        if named is not None:
            yield Rule(
                identifier="IAM_POLICY_IN_USE",
                why=f"{named} stays attached: the fix is in it",
                page="iam-policy-in-use",
                parameters={"policyARN": named},
            )


def _managed(edit: PolicyEdit, scenario: Mapping[str, Any]) -> str | None:
    """Give the ARN of the managed policy that an edit changes, `None` where it is another document."""
    layer = (scenario.get("policies") or {}).get("identity") if edit.layer == "identity" else None
    for one in layer if isinstance(layer, list) else ():
        if isinstance(one, Mapping) and one.get("name") == edit.policy and one.get("arn"):
            return str(one["arn"])
    return None


def render(fix: Fix | None, scenario: Mapping[str, Any]) -> str:
    """Write the pack as YAML, which is what AWS Config reads."""
    lines = [
        "# Written by undeny guard pack: aws configservice put-conformance-pack --conformance-pack-name undeny --template-body file://pack.yaml"
    ]
    lines.append("Resources:")
    for rule in rules(fix, scenario):
        lines += list(_lines(rule))
    return "\n".join(lines) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    logical = "".join(part.capitalize() for part in rule.identifier.split("_"))
    yield f"  # {MANAGED}{rule.page}.html"
    yield f"  {logical}:"
    yield "    Type: AWS::Config::ConfigRule"
    yield "    Properties:"
    yield f"      ConfigRuleName: {write.dump(rule.name)}"
    yield f"      Description: {write.dump(rule.why[:256])}"
    if rule.parameters:
        yield "      InputParameters:"
        yield from (f"        {name}: {write.dump(value)}" for name, value in rule.parameters.items())
    if rule.type:
        yield "      Scope:"
        yield f"        ComplianceResourceId: {write.dump(rule.thing)}"
        yield "        ComplianceResourceTypes:"
        yield f"          - {rule.type}"
    yield "      Source:"
    yield "        Owner: AWS"
    yield f"        SourceIdentifier: {rule.identifier}"
