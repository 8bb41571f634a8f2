"""Elements that a kind of policy must have or cannot have: principals and resources, and what SCPs and RCPs take."""

from collections.abc import Iterator

from undeny import catalog
from undeny.iam.model import Document, Statement
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
_RCP = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html"
EXAMPLES = (
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]},
        "identity",
        ("principal-not-taken",),
    ),
    ({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}, "identity", ("missing-resource",)),
    ({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, "resource", ("missing-principal",)),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]},
        "rcp",
        ("rcp-allow",),
    ),
)
_WHOLE = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Ask of each statement what its kind of policy asks."""
    for statement in document.statements:
        if not isinstance(statement.raw, dict) or not statement.raw:
            continue
        at = ("Statement", statement.index)
        has = set(statement.raw)
        if kind in ("identity", "scp"):
            for name in sorted({"Principal", "NotPrincipal"} & has):
                who = "the identity that it is attached to" if kind == "identity" else "every principal of the accounts below it"
                message = f"this kind of policy takes no `{name}`: it speaks of {who}"
                yield Spot(
                    code="principal-not-taken",
                    message=message,
                    path=(*at, name),
                    help=(f"take `{name}` out; a resource, trust or key policy is checked with --type resource",),
                    name=True,
                )
            if not {"Resource", "NotResource"} & has:
                yield Spot(
                    code="missing-resource",
                    message="the statement has no `Resource`",
                    path=at,
                    help=('add "Resource": "*", or the ARNs that are meant',),
                )
        elif not {"Principal", "NotPrincipal"} & has:
            helps = ('add "Principal": {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}',) if kind == "resource" else ('add "Principal": "*"',)
            yield Spot(code="missing-principal", message="the statement says nobody: it has no `Principal`", path=at, help=helps)
        if kind == "rcp":
            yield from _rcp(statement)


def _rcp(statement: Statement) -> Iterator[Spot]:
    at = ("Statement", statement.index)
    if statement.effect == "Allow" and statement.raw != _WHOLE | {name: statement.raw[name] for name in ("Sid",) if name in statement.raw}:
        yield Spot(
            code="rcp-allow", message="an RCP of your own only denies", path=(*at, "Effect"), help=('write "Effect": "Deny"',), source=_RCP
        )
    for name in ("NotPrincipal", "NotAction"):
        if name in statement.raw:
            yield Spot(
                code="rcp-element",
                message=f"an RCP takes no `{name}`",
                path=(*at, name),
                help=(f"write `{name[3:]}` and a condition",),
                name=True,
                source=_RCP,
            )
    if statement.principal is not None and set(statement.principal) - {"*"} and statement.principal != {"AWS": ("*",)}:
        message = "an RCP's `Principal` is `*` and nothing else"
        yield Spot(
            code="rcp-principal",
            message=message,
            path=(*at, "Principal"),
            help=("name the callers in a condition, as `aws:PrincipalArn`",),
            source=_RCP,
        )
    reached = catalog.rcp_services()
    for index, text in enumerate(statement.action or ()):
        prefix = text.partition(":")[0].lower()
        if statement.effect == "Deny" and prefix != "*" and prefix in catalog.prefixes() and prefix not in reached.prefixes:
            message = f"RCPs do not reach {prefix} (as of {reached.as_of}): `{text}` is not denied"
            yield Spot(
                code="rcp-service", message=message, path=(*at, "Action", index), help=("deny it in an SCP",), level="warning", source=_RCP
            )
