"""Amazon EC2: a code of its own, and a message that only STS can decode.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.lab.model import Asked, Call, Fault, Refusal
from undeny.lab.services._generic import first
from undeny.lab.services._pass import pass_role
from undeny.lab.words import sentence

IDS = {
    "InstanceIds": "instance", "InstanceId": "instance", "VolumeId": "volume", "GroupId": "security-group", "VpcId": "vpc",
    "SubnetId": "subnet", "SnapshotId": "snapshot", "VpcEndpointIds": "vpc-endpoint", "VpcEndpointId": "vpc-endpoint",
    "KeyName": "key-pair", "NetworkInterfaceId": "network-interface", "RouteTableId": "route-table",
}  # fmt: skip
"""Parameters that name a thing, and the type in its ARN."""
MADE = {
    "RunInstances": "instance", "CreateVolume": "volume", "CreateVpc": "vpc", "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet", "CreateKeyPair": "key-pair", "CreateVpcEndpoint": "vpc-endpoint",
}  # fmt: skip


def asked(call: Call) -> Iterable[Asked]:
    """Ask on the thing made or named; reading operations have no resource."""
    action, context = f"ec2:{call.operation}", {"ec2:Region": call.region}
    profile = call.parameters.get("IamInstanceProfile") or {}
    if call.operation in MADE:
        own = Asked(action=action, resource=arn(call, MADE[call.operation], "*"), context=context | _run(call))
        return (own, pass_role(profile["Arn"], "ec2.amazonaws.com")) if ":role/" in profile.get("Arn", "") else (own,)
    if call.operation.startswith(("Describe", "Get", "Search", "List")):
        return (Asked(action=action, context=context),)
    name = first(call.parameters, IDS)
    if not name:
        return (Asked(action=action, context=context),)
    kind = next(kind for parameter, kind in IDS.items() if call.parameters.get(parameter))
    names = [name] if isinstance(name, str) else name
    return tuple(Asked(action=action, resource=arn(call, kind, one), context=context) for one in names)


def arn(call: Call, kind: str, name: str) -> str:
    """Give a thing's ARN; snapshots have no account in theirs."""
    account = "" if kind == "snapshot" else call.caller.account
    return f"arn:aws:ec2:{call.region}:{account}:{kind}/{name}"


def _run(call: Call) -> dict[str, str]:
    kind = call.parameters.get("InstanceType")
    return {"ec2:InstanceType": kind} if kind else {}


def words(call: Call, refusal: Refusal) -> Fault:
    """Say the sentence; the gate adds the encoded message, which only it can decode again."""
    said = sentence(call, refusal)
    if refusal.asked.resource == "*":
        said = said.replace(" on resource: *", "", 1)
    message = f"You are not authorized to perform this operation. {said}"
    return Fault(code="UnauthorizedOperation", status=403, message=message, event_code="Client.UnauthorizedOperation", refusal=refusal)


def _default_key(_lab: Any, _call: Call) -> dict[str, str]:
    """Answer that volumes are encrypted under AWS's own key, as in every account where nobody chose another."""
    return {"KmsKeyId": "alias/aws/ebs"}


def _public_access(_lab: Any, call: Call) -> dict[str, Any]:
    """Answer that VPC Block Public Access is off, as in every account where nobody switched it on."""
    return {"VpcBlockPublicAccessOptions": {"AwsRegion": call.region, "InternetGatewayBlockMode": "off", "State": "default-state"}}


def _no_exclusions(_lab: Any, _call: Call) -> dict[str, Any]:
    return {"VpcBlockPublicAccessExclusions": []}


ANSWERS = {
    "GetEbsDefaultKmsKeyId": _default_key,
    "DescribeVpcBlockPublicAccessOptions": _public_access,
    "DescribeVpcBlockPublicAccessExclusions": _no_exclusions,
}
ENCODED = True
