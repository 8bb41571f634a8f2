"""EC2: tags at creation, roles of instances, images by parameter, encrypted volumes."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from undeny import catalog
from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls._keys import family
from undeny.calls._place import Place, dig, folded
from undeny.calls._roles import in_profile, pass_role
from undeny.calls.model import Request
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html"
TAGGING = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html"
KEY_SOURCE = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions"
PARAMETERS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html"
FLOW_LOGS = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html"
CONTEXT = {
    "instanceType": "ec2:InstanceType", "ebsOptimized": "ec2:EbsOptimized", "tenancy": "ec2:Tenancy", "placement.tenancy": "ec2:Tenancy",
    "availabilityZone": "ec2:AvailabilityZone", "encrypted": "ec2:Encrypted", "volumeType": "ec2:VolumeType", "size": "ec2:VolumeSize",
    "iops": "ec2:VolumeIops", "throughput": "ec2:VolumeThroughput", "attribute": "ec2:Attribute",
    "iamInstanceProfile.arn": "ec2:InstanceProfile", "metadataOptions.httpTokens": "ec2:MetadataHttpTokens",
    "metadataOptions.httpEndpoint": "ec2:MetadataHttpEndpoint",
    "metadataOptions.httpPutResponseHopLimit": "ec2:MetadataHttpPutResponseHopLimit",
}  # fmt: skip
PASSES = {
    "ec2:RunInstances": (("iamInstanceProfile.arn",), "ec2.amazonaws.com"),
    "ec2:AssociateIamInstanceProfile": (("iamInstanceProfile.arn",), "ec2.amazonaws.com"),
    "ec2:ReplaceIamInstanceProfileAssociation": (("iamInstanceProfile.arn",), "ec2.amazonaws.com"),
    "ec2:RequestSpotInstances": (("launchSpecification.iamInstanceProfile.arn",), "ec2.amazonaws.com"),
    "ec2:CreateFlowLogs": (("deliverLogsPermissionArn",), "vpc-flow-logs.amazonaws.com"),
    "ec2:RequestSpotFleet": (("spotFleetRequestConfig.iamFleetRole",), "spotfleet.amazonaws.com"),
    "ec2:ImportImage": (("roleName",), "vmie.amazonaws.com"),
    "ec2:ImportSnapshot": (("roleName",), "vmie.amazonaws.com"),
}
THINGS = {
    "volumeid": "volume", "instanceid": "instance", "snapshotid": "snapshot", "groupid": "security-group", "subnetid": "subnet",
    "vpcid": "vpc", "networkinterfaceid": "network-interface", "natgatewayid": "natgateway", "routetableid": "route-table",
    "internetgatewayid": "internet-gateway", "vpcendpointid": "vpc-endpoint", "allocationid": "elastic-ip", "keyname": "key-pair",
}  # fmt: skip
NAMED = (
    ("imageId", "image"), ("subnetId", "subnet"), ("securityGroupId", "security-group"), ("groupSet.items.groupId", "security-group"),
    ("instancesSet.items.instanceId", "instance"), ("instancesSet.items.imageId", "image"), ("instancesSet.items.keyName", "key-pair"),
    ("keyName", "key-pair"),
    ("snapshotId", "snapshot"), ("volumeId", "volume"), ("instanceId", "instance"), ("vpcId", "vpc"),
    ("networkInterfaceSet.items.subnetId", "subnet"), ("networkInterfaceSet.items.groupSet.items.groupId", "security-group"),
)  # fmt: skip
"""Parameters that name a thing on which the same action must be allowed as well."""
SPECIFIED = ("tagSpecificationSet.items.resourceType", "tagSpecifications.resourceType", "tagSpecification.resourceType")
CREATED = {
    "ec2:RunInstances": "instance", "ec2:CreateVolume": "volume", "ec2:CreateSecurityGroup": "security-group",
    "ec2:CreateSnapshot": "snapshot",
    "ec2:CreateVpc": "vpc", "ec2:CreateSubnet": "subnet", "ec2:CreateNetworkInterface": "network-interface",
}  # fmt: skip
"""What a call creates: its ARN ends in `/*`, since it has no id yet."""
REENCRYPT = ("ReEncryptFrom", "ReEncryptTo", "Decrypt")
LINKED_SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-service-linked-roles.html"
LINKED = {
    "ec2:RequestSpotInstances": ("spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
    "ec2:RequestSpotFleet": ("spotfleet.amazonaws.com", "AWSServiceRoleForEC2SpotFleet"),
    "ec2:CreateFleet": ("ec2fleet.amazonaws.com", "AWSServiceRoleForEC2Fleet"),
    "ec2:CreateTransitGatewayVpcAttachment": ("transitgateway.amazonaws.com", "AWSServiceRoleForVPCTransitGateway"),
    "ec2:CreateIpam": ("ipam.amazonaws.com", "AWSServiceRoleForIPAM"),
    "ec2:CreateCapacityReservationFleet": ("capacity-reservation-fleet.ec2.amazonaws.com", "AWSServiceRoleForEC2CapacityReservationFleet"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of the thing that the call names or makes."""
    if place.region is None or place.account is None:
        return None
    start = f"arn:{place.partition}:ec2:{place.region}:{place.account}:"
    if action in CREATED:
        return f"{start}{CREATED[action]}/*"
    known = catalog.action(action)
    kinds = {kind.name for kind in known.resources} if known is not None else set()
    items = next(dig(parameters, "instancesSet.items"), None)
    names = folded(parameters) | (folded(items) if isinstance(items, Mapping) else {})
    for parameter, kind in THINGS.items():
        value = names.get(parameter)
        if isinstance(value, str) and kind in kinds:
            return f"{start}{kind}/{value}"
    return None


def hidden(call: Call) -> Iterator[Request]:
    """Give what EC2 needs beside: the call on its other things, tags, an image's parameter, the key of a volume."""
    action = call.request.action
    if call.request.role == "main":
        yield from others(call)
        for text in dig(call.request.parameters, "iamInstanceProfile.name"):
            yield from (pass_role(call, role, "ec2.amazonaws.com") for role in in_profile(call, str(text)))
        yield from made_too(call)
    tagged = any(key.lower().startswith(("aws:requesttag/", "aws:tagkeys")) for key in call.request.context)
    if tagged and call.request.role == "main" and action != "ec2:CreateTags":
        yield from tags(call)
    image = next(dig(call.request.parameters, "imageId"), None)
    if isinstance(image, str) and image.startswith("resolve:ssm:"):
        parameter = call.arn("ssm", f"parameter/{image.removeprefix('resolve:ssm:').lstrip('/')}")
        yield beside(call, "ssm:GetParameters", parameter, Reason("EC2 reads the image's id from Parameter Store", PARAMETERS))
    if action == "ec2:CreateFlowLogs":
        yield from flow_logs(call)
    if action in {"ec2:RunInstances", "ec2:CreateVolume", "ec2:AttachVolume", "ec2:StartInstances", "ec2:CopySnapshot", "ec2:CopyImage"}:
        yield from volumes(call)


def others(call: Call) -> Iterator[Request]:
    """Give the same action on each other thing that the call names: every one of them must be allowed.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-supported-iam-actions-resources.html
    """
    known = catalog.action(call.request.action)
    kinds = {kind.name: kind.condition_keys for kind in known.resources} if known is not None else {}
    for path, kind in NAMED:
        for text in dig(call.request.parameters, path):
            owner = "" if kind in {"image", "snapshot"} else None
            arn = call.arn("ec2", f"{kind}/{text}", account=owner) if kind in kinds and isinstance(text, str) else None
            if arn is not None and arn != call.request.resource and not text.startswith("resolve:"):
                made = beside(call, call.request.action, arn, Reason("the call works on this too", SOURCE))
                yield with_keys(made, kinds[kind])


def made_too(call: Call) -> Iterator[Request]:
    """Give the same action on what a launch makes beside the instance: network interfaces and volumes must be allowed as well.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
    """
    if call.request.action != "ec2:RunInstances" or not call.request.parameters:
        return
    known = catalog.action(call.request.action)
    kinds = {kind.name: kind.condition_keys for kind in known.resources} if known is not None else {}
    given = next(dig(call.request.parameters, "networkInterfaceSet.items.networkInterfaceId"), None)
    disks = any(True for path in ("blockDeviceMapping", "blockDeviceMappings") for _ in dig(call.request.parameters, path))
    interface = f"network-interface/{given}" if isinstance(given, str) else "network-interface/*"
    for kind, resource_, sure in (("network-interface", interface, True), ("volume", "volume/*", disks)):
        reason = Reason(f"the launch {'uses' if '*' not in resource_ else 'makes'} a {kind.replace('-', ' ')} too", SOURCE, sure)
        yield with_keys(beside(call, call.request.action, call.arn("ec2", resource_), reason), kinds.get(kind, ()))


def tags(call: Call) -> Iterator[Request]:
    """Give ec2:CreateTags on each kind of thing that the call tags as it makes it."""
    reason = Reason("tags at creation need ec2:CreateTags", TAGGING)
    named = [str(one) for path in SPECIFIED for one in dig(call.request.parameters, path)]
    places = [call.arn("ec2", f"{kind}/*") for kind in dict.fromkeys(named)] or [call.request.resource]
    for place in places:
        yield beside(call, "ec2:CreateTags", place, reason, {"ec2:CreateAction": call.request.action.partition(":")[2]})


def linked(call: Call) -> Iterator[tuple[str, str]]:
    """Give the role of Spot for a launch that asks for Spot, and of log delivery for flow logs that go to S3 or Firehose."""
    if call.request.action == "ec2:RunInstances" and call.fact("instanceMarketOptions.marketType") == "spot":
        yield "spot.amazonaws.com", "AWSServiceRoleForEC2Spot"
    if call.request.action == "ec2:CreateFlowLogs" and next(dig(call.request.parameters, "deliverLogsPermissionArn"), None) is None:
        yield "delivery.logs.amazonaws.com", "AWSServiceRoleForLogDelivery"


def with_keys(request: Request, listed: tuple[str, ...]) -> Request:
    """Keep of EC2's keys and of the passed tags those that AWS lists for this kind of thing: an image has no instance type."""
    families = tuple(family(key).removesuffix("*").lower() for key in listed)
    own = ("ec2:", "aws:requesttag/", "aws:tagkeys")
    kept = {key: value for key, value in request.context.items() if not key.lower().startswith(own) or key.lower().startswith(families)}
    return msgspec.structs.replace(request, context=kept)


def flow_logs(call: Call) -> Iterator[Request]:
    """Give the log delivery permissions of a flow log that does not go to CloudWatch Logs through a role."""
    if next(dig(call.request.parameters, "deliverLogsPermissionArn"), None) is not None:
        return
    sure = next(dig(call.request.parameters, "logDestinationType"), None) == "s3"
    if sure or next(dig(call.request.parameters, "CreateFlowLogsRequest.LogDestinationType"), None) == "s3":
        yield beside(call, "logs:CreateLogDelivery", "*", Reason("flow logs to S3 are vended logs", FLOW_LOGS))


def volumes(call: Call) -> Iterator[Request]:
    """Give the requests to KMS for encrypted volumes: EC2 takes a grant on the key for the instance to use the volume with."""
    action = call.request.action
    for key in dict.fromkeys(keys(call)):
        context = {"kms:GrantIsForAWSResource": "true"}
        grant = Reason("EC2 takes a grant on the volume's key for the instance", KEY_SOURCE, action != "ec2:CreateVolume")
        yield from kms(call, KeyUse(via="ec2", key=key, actions=("CreateGrant",), context=context), grant)
        if action in {"ec2:AttachVolume", "ec2:StartInstances"}:
            continue
        made = Reason("EC2 makes a data key for the volume", KEY_SOURCE)
        yield from kms(call, KeyUse(via="ec2", key=key, actions=("GenerateDataKeyWithoutPlaintext",)), made)
        look = Reason("EC2 looks the key up", KEY_SOURCE, certain=False)
        yield from kms(call, KeyUse(via="ec2", key=key, actions=("DescribeKey",)), look)
        again = Reason("EC2 encrypts an encrypted snapshot again", KEY_SOURCE, action in {"ec2:CopySnapshot", "ec2:CopyImage"})
        yield from kms(call, KeyUse(via="ec2", key=key, actions=REENCRYPT), again)


def keys(call: Call) -> Iterator[str]:
    """Give the keys of the volumes: as the call names them, as the volume or instance has them, as the account's default says."""
    named = [one for path in ("kmsKeyId", "blockDeviceMapping.items.ebs.kmsKeyId", "blockDeviceMappings.ebs.kmsKeyId", "ebs.kmsKeyId")
             for source in (call.request.parameters, call.facts()) for one in dig(source, path) if isinstance(one, str)]  # fmt: skip
    yield from named
    for text in attached(call):
        found = call.fact("KmsKeyId", text)
        if isinstance(found, str):
            named.append(found)
            yield found
    for found in copied(call):
        named.append(found)
        yield found
    asked = call.key("ec2:Encrypted") == "true" or call.fact("Encrypted") is True
    account = call.account_settings()
    makes = call.request.action in {"ec2:RunInstances", "ec2:CreateVolume"}
    if not named and (asked or (makes and account.get("EbsEncryptionByDefault") is True)):
        yield str(account.get("EbsDefaultKmsKeyId") or "alias/aws/ebs")


def copied(call: Call) -> Iterator[str]:
    """Give the keys of the images, snapshots and launch templates that were read: a new volume is made from them."""
    if call.request.action not in {"ec2:RunInstances", "ec2:CreateVolume", "ec2:CopySnapshot", "ec2:CopyImage"}:
        return
    for arn, facts in call.settings.items():
        parsed = arns.parse(arn)
        if parsed is None or parsed.service_prefix != "ec2" or parsed.resource_type not in {"image", "snapshot", "launch-template"}:
            continue
        for path in ("KmsKeyId", "BlockDeviceMappings.Ebs.KmsKeyId", "LaunchTemplateData.BlockDeviceMappings.Ebs.KmsKeyId"):
            yield from (key for key in dig(facts, path) if isinstance(key, str))


def attached(call: Call) -> Iterator[str]:
    """Give the ARNs of the volumes that are in play beside the request's own resource."""
    for source in (call.request.parameters, call.facts()):
        for path in ("volumeId", "BlockDeviceMappings.Ebs.VolumeId"):
            for volume in dig(source, path):
                arn = call.arn("ec2", f"volume/{volume}")
                if arn is not None and arn != call.request.resource:
                    yield arn
