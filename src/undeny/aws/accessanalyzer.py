"""IAM Access Analyzer: is it on, what it finds of a thing, what it says of a document, and its custom checks, which are charged.

https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.session import Session, client, failure
from undeny.errors import UndenyError
from undeny.iam.arn import Arn

_API = "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_"
PERMISSIONS = {
    "access-analyzer:ListAnalyzers": ("whether IAM Access Analyzer is on", f"{_API}ListAnalyzers.html"),
    "access-analyzer:ListFindingsV2": ("what it finds of the thing", f"{_API}ListFindingsV2.html"),
    "access-analyzer:GetFindingV2": ("whom a finding names", f"{_API}GetFindingV2.html"),
    "access-analyzer:StartResourceScan": ("that it looks at the thing now", f"{_API}StartResourceScan.html"),
    "access-analyzer:GetAnalyzedResource": ("whether it has looked", f"{_API}GetAnalyzedResource.html"),
    "access-analyzer:ValidatePolicy": ("what it says of a new document", f"{_API}ValidatePolicy.html"),
}
SCANNED = ("s3", "iam", "kms", "lambda", "sqs", "secretsmanager", "sns", "ecr", "elasticfilesystem", "dynamodb")
"""Services whose things the external access analyzer looks at.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
"""
CHECKED = {
    "s3": "AWS::S3::Bucket",
    "iam": "AWS::IAM::AssumeRolePolicyDocument",
    "kms": "AWS::KMS::Key",
    "lambda": "AWS::Lambda::Function",
    "sqs": "AWS::SQS::Queue",
    "secretsmanager": "AWS::SecretsManager::Secret",
    "sns": "AWS::SNS::Topic",
    "dynamodb": "AWS::DynamoDB::Table",
    "elasticfilesystem": "AWS::EFS::FileSystem",
    "kinesis": "AWS::Kinesis::Stream",
}
"""What CheckNoPublicAccess calls them: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html"""
_VALIDATED = {"s3": "AWS::S3::Bucket", "iam": "AWS::IAM::AssumeRolePolicyDocument"}
"""https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html"""
_TYPES = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY", "resource": "RESOURCE_POLICY", "endpoint": "RESOURCE_POLICY"}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Access from outside that an analyzer sees: on what, by whom, to do what. `public`: anybody."""

    id: str
    resource: str
    public: bool
    principal: Mapping[str, str] = {}
    actions: tuple[str, ...] = ()


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What ValidatePolicy says of a document."""

    kind: str
    code: str
    text: str
    link: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a custom check came to: `holds` is `None` where AWS did not answer it, and `why` says why."""

    check: str
    title: str
    holds: bool | None
    why: str


def analyzer(session: Session, region: str | None) -> str | None:
    """Give the ARN of an external access analyzer that is on in the Region, `None` where there is none.

    Raises `UndenyError` where that may not be read.
    """
    for kind in ("ACCOUNT", "ORGANIZATION"):
        found = _call(session, region, "list_analyzers", type=kind)
        for one in found.get("analyzers", ()):
            if one.get("status") == "ACTIVE":
                return str(one["arn"])
    return None


def scanned(arn: str) -> bool:
    """Tell whether the analyzer looks at such things."""
    parsed = Arn.parse(arn)
    return parsed is not None and parsed.service_prefix in SCANNED


def findings(session: Session, region: str | None, analyzer_arn: str, resource: str) -> tuple[Finding, ...]:
    """Give what the analyzer finds of one thing now; archived and resolved findings are left out."""
    asked: dict[str, Any] = {"analyzerArn": analyzer_arn, "filter": {"resource": {"eq": [resource]}, "status": {"eq": ["ACTIVE"]}}}
    out: list[Finding] = []
    while True:
        page = _call(session, region, "list_findings_v2", **asked)
        out += [_finding(session, region, analyzer_arn, one) for one in page.get("findings", ())]
        if not page.get("nextToken"):
            return tuple(out)
        asked["nextToken"] = page["nextToken"]


def _finding(session: Session, region: str | None, analyzer_arn: str, listed: Mapping[str, Any]) -> Finding:
    whole = _call(session, region, "get_finding_v2", analyzerArn=analyzer_arn, id=listed["id"])
    told: dict[str, Any] = {}
    for detail in whole.get("findingDetails", ()):
        told |= detail.get("externalAccessDetails", {})
    return Finding(
        id=str(listed["id"]),
        resource=str(listed.get("resource", "")),
        public=bool(told.get("isPublic")),
        principal=dict(told.get("principal", {})),
        actions=tuple(told.get("action", ())),
    )


def scan(session: Session, region: str | None, analyzer_arn: str, resource: str) -> None:
    """Have the analyzer look at one thing now: without, it looks within 30 minutes of a change.

    https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_StartResourceScan.html
    """
    _call(session, region, "start_resource_scan", analyzerArn=analyzer_arn, resourceArn=resource)


def looked_at(session: Session, region: str | None, analyzer_arn: str, resource: str) -> str | None:
    """Give when the analyzer last looked at a thing, as ISO 8601; `None` where it never did."""
    try:
        found = _call(session, region, "get_analyzed_resource", analyzerArn=analyzer_arn, resourceArn=resource)
    except UndenyError as error:
        if error.code == "no-such-thing":
            return None
        raise
    at = found.get("resource", {}).get("analyzedAt")
    return at.isoformat() if at is not None else None


def validate(session: Session, region: str | None, document: str, layer: str, resource: str | None) -> tuple[Remark, ...]:
    """Ask ValidatePolicy of one document."""
    parsed = Arn.parse(resource) if resource else None
    kind = _VALIDATED.get(parsed.service_prefix) if parsed and layer == "resource" else None
    asked: dict[str, Any] = {"policyDocument": document, "policyType": _TYPES.get(layer, "IDENTITY_POLICY")}
    asked |= {"validatePolicyResourceType": kind} if kind else {}
    found = _call(session, region, "validate_policy", **asked)
    return tuple(
        Remark(kind=one["findingType"], code=one["issueCode"], text=one["findingDetails"], link=one["learnMoreLink"])
        for one in found.get("findings", ())
    )


def no_new_access(session: Session, region: str | None, old: str, new: str, layer: str) -> tuple[bool, str]:
    """Ask CheckNoNewAccess: whether it holds, and what AWS says. It is charged by the request.

    https://aws.amazon.com/iam/access-analyzer/pricing/
    """
    kind = _TYPES.get(layer, "IDENTITY_POLICY")
    found = _call(session, region, "check_no_new_access", newPolicyDocument=new, existingPolicyDocument=old, policyType=kind)
    return found["result"] == "PASS", str(found.get("message", ""))


def no_public_access(session: Session, region: str | None, document: str, resource: str) -> tuple[bool, str] | None:
    """Ask CheckNoPublicAccess, which is charged too; `None` for a kind of thing that it does not know."""
    parsed = Arn.parse(resource)
    kind = CHECKED.get(parsed.service_prefix) if parsed else None
    if kind is None:
        return None
    found = _call(session, region, "check_no_public_access", policyDocument=document, resourceType=kind)
    return found["result"] == "PASS", str(found.get("message", ""))


def _call(session: Session, region: str | None, operation: str, **parameters: Any) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = getattr(client(session, "accessanalyzer", region), operation)(**parameters)
    except (ClientError, BotoCoreError) as error:
        raise failure(error) or _refused(operation, error) from error
    return answer


def _refused(operation: str, error: Exception) -> UndenyError:
    line = " ".join(str(error).split()).rstrip(".")
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    told = "no-such-thing" if code == "ResourceNotFoundException" else "read-denied" if "Denied" in code else "aws-failed"
    name = "access-analyzer:" + "".join(part.title() for part in operation.split("_"))
    if told == "read-denied":
        message = f"these credentials may not ask IAM Access Analyzer ({name})"
        return UndenyError(message, help=(f"it needs {name}",), code=told, exit_status=3)
    return UndenyError(f"IAM Access Analyzer did not answer: {line}", code=told, exit_status=3)
