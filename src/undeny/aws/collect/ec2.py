"""EC2: a VPC endpoint's policy, and what the account encrypts new volumes with."""

from typing import Any

from undeny.aws.reader import Reader
from undeny.evidence import gaps
from undeny.evidence.model import Gap, PolicySet, Resource
from undeny.iam.arn import Arn

_API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
PERMISSIONS = {
    "ec2:DescribeVpcEndpoints": ("the VPC endpoint's policy", f"{_API}DescribeVpcEndpoints.html"),
    "ec2:GetEbsEncryptionByDefault": ("whether new volumes are encrypted", f"{_API}GetEbsEncryptionByDefault.html"),
    "ec2:GetEbsDefaultKmsKeyId": ("the key that new volumes are encrypted with", f"{_API}GetEbsDefaultKmsKeyId.html"),
}
_KEPT = ("VpcEndpointId", "VpcEndpointType", "VpcId", "ServiceName", "State", "PrivateDnsEnabled", "OwnerId")
_VOLUMES = ("ec2:runinstances", "ec2:createvolume", "ec2:createfleet", "ec2:requestspotinstances", "ec2:startinstances", "ec2:copysnapshot")


def endpoint(reader: Reader, endpoint_id: str, region: str | None) -> tuple[PolicySet, Resource | None]:
    """Read an endpoint: its policy as the layer, and its facts as a thing."""
    what = gaps.endpoint(endpoint_id).what
    ids: dict[str, Any] = {"VpcEndpointIds": [endpoint_id]}
    answer = reader.call("ec2", "describe_vpc_endpoints", action="ec2:DescribeVpcEndpoints", what=what, region=region, **ids)
    if not isinstance(answer, dict) or not answer.get("VpcEndpoints"):
        why = answer.why if isinstance(answer, Gap) else f"account {reader.me.account} has no such endpoint in {region}"
        return reader.gap(gaps.endpoint(endpoint_id, why)), None
    held = answer["VpcEndpoints"][0]
    arn = Arn(
        partition=reader.partition,
        service_prefix="ec2",
        region=region or "",
        account=held.get("OwnerId", reader.me.account),
        resource=f"vpc-endpoint/{endpoint_id}",
    )
    settings = {key: held[key] for key in _KEPT if key in held}
    if not held.get("PolicyDocument"):
        return None, Resource(arn=str(arn), policy=None, settings=settings, exists=True)
    policy = reader.policy(endpoint_id, held["PolicyDocument"], arn=str(arn), attached_to=str(arn))
    layer: PolicySet = policy if isinstance(policy, Gap) else (policy,)
    return layer, Resource(arn=str(arn), policy=policy, settings=settings, exists=True)


def encrypts_volumes(action: str) -> bool:
    """Tell whether an action makes volumes, to which the account's default encryption applies."""
    return action.lower() in _VOLUMES


def volumes(reader: Reader, region: str | None) -> dict[str, Any]:
    """Read what the account encrypts new volumes with.

    https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html
    """
    out: dict[str, Any] = {}
    for operation, field, name in (
        ("get_ebs_encryption_by_default", "EbsEncryptionByDefault", "GetEbsEncryptionByDefault"),
        ("get_ebs_default_kms_key_id", "KmsKeyId", "GetEbsDefaultKmsKeyId"),
    ):
        answer = reader.call("ec2", operation, action=f"ec2:{name}", what=f"default encryption of volumes in {region}", region=region)
        if isinstance(answer, dict) and field in answer:
            out["EbsDefaultKmsKeyId" if field == "KmsKeyId" else field] = answer[field]
    return out
