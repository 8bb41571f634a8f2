"""The gap that stands for a layer nobody read: what it is called, which permission reads it, and the command that would."""

from undeny.evidence.model import Gap
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_RESOURCE_READS = {
    # https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    "s3": ("s3:GetBucketPolicy", "aws s3api get-bucket-policy --bucket {first}"),
    "kms": ("kms:GetKeyPolicy", "aws kms get-key-policy --key-id {arn}"),
    "sqs": ("sqs:GetQueueAttributes", "aws sqs get-queue-attributes --queue-url QUEUE_URL --attribute-names Policy"),
    "sns": ("sns:GetTopicAttributes", "aws sns get-topic-attributes --topic-arn {arn}"),
    "lambda": ("lambda:GetPolicy", "aws lambda get-policy --function-name {arn}"),
    "secretsmanager": ("secretsmanager:GetResourcePolicy", "aws secretsmanager get-resource-policy --secret-id {arn}"),
    "ecr": ("ecr:GetRepositoryPolicy", "aws ecr get-repository-policy --repository-name {last}"),
    "dynamodb": ("dynamodb:GetResourcePolicy", "aws dynamodb get-resource-policy --resource-arn {arn}"),
    "events": ("events:DescribeEventBus", "aws events describe-event-bus --name {last}"),
    "kinesis": ("kinesis:GetResourcePolicy", "aws kinesis get-resource-policy --resource-arn {arn}"),
    "elasticfilesystem": ("elasticfilesystem:DescribeFileSystemPolicy", "aws efs describe-file-system-policy --file-system-id {last}"),
    "execute-api": ("apigateway:GET", "aws apigateway get-rest-api --rest-api-id {first}"),
    "iam": ("iam:GetRole", "aws iam get-role --role-name {last}"),
}


def identity(principal: str | None, why: str = "not read") -> Gap:
    """Give the gap for the identity policies of `principal` (an ARN, or `None` where nobody said who called)."""
    kind, name = _holder(principal)
    if kind is None:
        return Gap(what=f"identity policies of {principal or 'the caller'}", why=why)
    return Gap(
        what=f"identity policies of {principal}",
        why=why,
        permission=f"iam:ListAttached{kind.title()}Policies",
        how=f"aws iam list-attached-{kind}-policies --{kind}-name {name}",
    )


def boundary(principal: str | None, why: str = "not read") -> Gap:
    """Give the gap for the permissions boundary of `principal`."""
    kind, name = _holder(principal)
    if kind is None:
        return Gap(what=f"permissions boundary of {principal or 'the caller'}", why=why)
    return Gap(
        what=f"permissions boundary of {principal}",
        why=why,
        permission=f"iam:Get{kind.title()}",
        how=f"aws iam get-{kind} --{kind}-name {name}",
    )


def session(principal: str | None, why: str = "not read") -> Gap:
    """Give the gap for the session policy: AWS shows it only in the event of the call that made the session."""
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
    return Gap(
        what=f"session policy of {principal or 'the caller'}",
        why=why,
        permission="cloudtrail:LookupEvents" if principal else None,
        how="look for `policy` in requestParameters of the AssumeRole event that made the session",
    )


def endpoint(vpc_endpoint: str | None, why: str = "not read") -> Gap:
    """Give the gap for the endpoint's policy; `vpc_endpoint` is its id, `None` where nobody said whether one was on the way."""
    return Gap(
        what=f"VPC endpoint policy of {vpc_endpoint}" if vpc_endpoint else "VPC endpoint policy, if an endpoint was on the way",
        why=why,
        permission="ec2:DescribeVpcEndpoints",
        how="aws ec2 describe-vpc-endpoints" + (f" --vpc-endpoint-ids {vpc_endpoint}" if vpc_endpoint else ""),
    )


def organization(kind: str, account: str | None, why: str = "not read") -> Gap:
    """Give the gap for the SCPs (`kind` is `scp`) or RCPs (`rcp`) over an account."""
    words, filter_ = ("service", "SERVICE_CONTROL_POLICY") if kind == "scp" else ("resource", "RESOURCE_CONTROL_POLICY")
    owner = account or ("the caller's account" if kind == "scp" else "the resource's account")
    return Gap(
        what=f"{words} control policies of {owner}",
        why=why,
        permission="organizations:ListPoliciesForTarget",
        how=f"aws organizations list-policies-for-target --target-id {account} --filter {filter_}" if account else None,
    )


def resource(arn: str | None, why: str = "not read") -> Gap:
    """Give the gap for the policy of a thing, with the permission of its service where that is known."""
    parsed = Arn.parse(arn) if arn else None
    if parsed is None or parsed.service_prefix not in _RESOURCE_READS:
        return Gap(what=f"resource policy of {arn or 'the resource'}", why=why)
    permission, command = _RESOURCE_READS[parsed.service_prefix]
    parts = parsed.resource.split("/")
    noun = "role trust policy" if parsed.service_prefix == "iam" else "resource policy"
    last = parts[-1] if parsed.service_prefix == "iam" else "/".join(parts[1:])
    return Gap(what=f"{noun} of {arn}", why=why, permission=permission, how=command.format(arn=arn, first=parts[0], last=last))


def _holder(principal: str | None) -> tuple[str | None, str]:
    """Tell whose policies to read for a principal: `role` or `user` and its name, or `None` where it holds none."""
    if principal is None:
        return None, ""
    parsed = Principal.parse(principal)
    if parsed.kind in ("role", "role_session"):
        return "role", parsed.name or "ROLE"
    if parsed.kind in ("user", "federated_user"):
        return "user", parsed.name or "USER"
    return None, ""
