"""Open the network path: no policy has anything to do with a call that gets no answer."""

from typing import Any

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import Fix, SettingEdit

CODES = (
    "network-security-group", "network-nacl", "network-route", "network-endpoint", "network-dns", "network-proxy", "network-unreachable",
)  # fmt: skip
SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html"
STEPS = {
    "network-security-group": ("<sg-id>", "ec2:AuthorizeSecurityGroupEgress", "allow TCP 443 out to the service (or its prefix list)"),
    "network-nacl": ("<acl-id>", "ec2:CreateNetworkAclEntry", "let TCP 443 out and ports 1024-65535 back in through the network ACL"),
    "network-route": ("<rtb-id>", "ec2:CreateRoute", "add a route to a NAT gateway or an endpoint of the service"),
    "network-endpoint": ("<vpc-id>", "ec2:CreateVpcEndpoint", "add the endpoint of the service to the VPC"),
    "network-dns": ("<vpce-id>", "ec2:ModifyVpcEndpoint", "switch private DNS on, or correct the Region in the endpoint's name"),
    "network-proxy": ("<proxy>", "proxy", "let the proxy pass the service's name, or set NO_PROXY and AWS_CA_BUNDLE"),
    "network-unreachable": (
        "<vpc-id>",
        "ec2:AuthorizeSecurityGroupEgress",
        "open the path on TCP 443: `undeny network` shows the hop that blocks it",
    ),
}


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose the hop's setting, with the id left open where nobody read it."""
    if case.path is not None and case.path.changes:
        return tuple(_tried(change) for change in case.path.changes)
    target, operation, what = STEPS[cause.code]
    edit = SettingEdit(target=target, operation=operation, before=None, after={"<parameter>": what})
    return (Fix(id="", title=what, layer="setting", applicability="has_placeholders", changes=(edit,)),)


def _tried(change: Any) -> Fix:
    """Give a change of the path as a fix: it was tried on the network that was read."""
    edits = tuple(SettingEdit(target=step.target, operation=step.operation, before=None, after=step.parameters) for step in change.steps)
    nothing_else = not change.wider
    held = {"suffices": change.suffices, "needed": change.needed, "nothing_else": nothing_else, "no_guard_weakened": not change.guard}
    risks = tuple(filter(None, (change.wider, change.guard, change.costs)))
    return Fix(id="", title=change.title, layer="setting", applicability="maybe_incorrect", changes=edits, risks=risks, tried=held)
