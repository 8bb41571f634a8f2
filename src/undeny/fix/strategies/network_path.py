"""Open the network path: no policy has anything to do with a call that gets no answer."""

from collections.abc import Mapping
from typing import Any

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import Fix, SettingEdit

CODES = (
    "network-security-group", "network-nacl", "network-route", "network-endpoint", "network-dns", "network-proxy", "network-unreachable",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"
EGRESS: Mapping[str, Any] = {
    "GroupId": "<sg-id>",
    "IpPermissions": [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "<the service's or endpoint's range>"}]}
    ],
}
STEPS: Mapping[str, tuple[str, str, str, Mapping[str, Any]]] = {
    "network-security-group": (
        "<sg-id>", "ec2:AuthorizeSecurityGroupEgress", "allow TCP 443 out to the service (or its prefix list)", EGRESS,
    ),
    "network-nacl": (
        "<acl-id>", "ec2:CreateNetworkAclEntry", "let TCP 443 out and ports 1024-65535 back in through the network ACL",
        {
            "NetworkAclId": "<acl-id>", "RuleNumber": "<number before the deny>", "Protocol": "6", "RuleAction": "allow", "Egress": False,
            "CidrBlock": "<the service's range>", "PortRange": {"From": 1024, "To": 65535},
        },
    ),
    "network-route": (
        "<rtb-id>", "ec2:CreateRoute", "add a route to a NAT gateway or an endpoint of the service",
        {"RouteTableId": "<rtb-id>", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "<nat-id>"},
    ),
    "network-endpoint": (
        "<vpc-id>", "ec2:CreateVpcEndpoint", "add the endpoint of the service to the VPC",
        {"VpcId": "<vpc-id>", "ServiceName": "com.amazonaws.<region>.<service>", "VpcEndpointType": "<Interface or Gateway>"},
    ),
    "network-dns": (
        "<vpce-id>", "ec2:ModifyVpcEndpoint", "switch private DNS on, or correct the Region in the endpoint's name",
        {"VpcEndpointId": "<vpce-id>", "PrivateDnsEnabled": True},
    ),
    "network-proxy": (
        "<proxy>", "proxy", "let the proxy pass the service's name, or set NO_PROXY and AWS_CA_BUNDLE",
        {"NO_PROXY": "<service>.<region>.amazonaws.com", "AWS_CA_BUNDLE": "<the proxy's own certificate authority>"},
    ),
    "network-unreachable": (
        "<sg-id>", "ec2:AuthorizeSecurityGroupEgress", "open the path on TCP 443: `undeny network` shows the hop that blocks it", EGRESS,
    ),
}  # fmt: skip


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the hop's setting, with the id left open where nobody read it."""
    if case.path is not None and case.path.changes:
        return tuple(_tried(change) for change in case.path.changes)
    target, operation, what, parameters = STEPS[cause.code]
    edit = SettingEdit(target=target, operation=operation, before=None, after=parameters)
    return (Fix(id="", title=what, layer="setting", applicability="has_placeholders", changes=(edit,)),)


def _tried(change: Any) -> Fix:
    """Give a change of the path as a fix: it was tried on the network that was read."""
    edits = tuple(SettingEdit(target=step.target, operation=step.operation, before=None, after=step.parameters) for step in change.steps)
    nothing_else = not change.wider
    held = {"suffices": change.suffices, "needed": change.needed, "nothing_else": nothing_else, "no_guard_weakened": not change.guard}
    risks = tuple(filter(None, (change.wider, change.guard, change.costs)))
    return Fix(id="", title=change.title, layer="setting", applicability="maybe_incorrect", changes=edits, risks=risks, tried=held)
