"""When a maintenance window is due, as data: what changes names, certificates or where they lead, and the notice of it."""

from collections.abc import Mapping

from undeny.change.model import Plan, Window

_DNS = "resolvers keep the old answer until its TTL is over, 60 seconds to 2 days as the record says"
_R53 = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html"
_CF = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToUpdateDistribution.html"
_ACM = "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html"
_VPCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html"

WINDOWS: Mapping[str, Window] = {
    "route53:ChangeResourceRecordSets": Window(why="a DNS record changes", settles=_DNS, source=_R53),
    "route53:AssociateVPCWithHostedZone": Window(why="names of a hosted zone change in a VPC", settles=_DNS, source=_R53),
    "route53:DisassociateVPCFromHostedZone": Window(why="names of a hosted zone are gone from a VPC", settles=_DNS, source=_R53),
    "cloudfront:UpdateDistribution": Window(
        why="a distribution is deployed anew", settles="some minutes until every edge location has it", source=_CF
    ),
    "acm:RequestCertificate": Window(why="a certificate is issued", settles="up to 72 hours until its DNS record is seen", source=_ACM),
    "acm:DeleteCertificate": Window(why="a certificate is taken away", settles="at once, for every listener that has it", source=_ACM),
    "elasticloadbalancing:ModifyListener": Window(
        why="a listener gets another certificate or target",
        settles="at once for new connections",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-update-certificates.html",
    ),
    "ec2:CreateVpcEndpoint": Window(
        why="an endpoint with private DNS takes over the service's names in the VPC",
        settles="open connections stay; new ones go through the endpoint once the old answer's TTL of 60 seconds is over",
        source=_VPCE,
    ),
    "ec2:DeleteVpcEndpoints": Window(why="the service's names lead elsewhere in the VPC", settles=_DNS, source=_VPCE),
    "ec2:ModifyVpcEndpoint": Window(
        why="it holds for every call through an endpoint whose private DNS is on: the service's names in the VPC lead through it",
        settles="within a minute",
        source=_VPCE,
    ),
}
WATCHED_LONGER = ("route53", "route53domains", "route53resolver", "cloudfront", "acm")
"""Services of which it takes half a day until every resolver or edge has seen a change: a watch lasts at least that long."""
LEAST_HOURS = 12


def notice(plan: Plan) -> str | None:
    """Write the notice to whoever depends on what changes; `None` where no window is due. `<WHEN>` is for the sender to fill in."""
    due = [(step, window) for step in plan.steps for window in step.windows]
    if not due:
        return None
    fix = plan.proven.fix
    lines = [
        f"Subject: change to AWS account {plan.account}{f' in {plan.region}' if plan.region else ''} on <WHEN>",
        "",
        f"On <WHEN> we {fix.title}.",
        "",
        "What changes:",
        *(f"- {step.title}: {window.why} ({window.source})" for step, window in due),
        "",
        "What you may see: calls that fail for a moment, or go the old way until it has settled:",
        *dict.fromkeys(f"- {window.settles}" for _, window in due),
        "",
    ]
    touched = tuple(dict.fromkeys(one for step in plan.steps for one in step.touches))
    if touched:
        lines += ["Whom it touches:", *(f"- {one}" for one in touched), ""]
    lines += [
        "If something breaks: tell us at once. What stood there before is saved, and is put back by one command",
        "(undeny rollback), which takes effect as fast as the change did.",
    ]
    return "\n".join(lines)
