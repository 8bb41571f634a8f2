"""Entries of `Principal` that name nobody: wildcards inside an ARN, accounts of the wrong length, ids of principals that were deleted."""

from collections.abc import Iterator

from undeny.iam.arn import Arn
from undeny.iam.model import Document
from undeny.iam.principal import UNIQUE_ID_PREFIXES
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}, "Action": "s3:*", "Resource": "*"}],
        },
        "resource",
        ("wildcard-in-principal",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}, "Action": "s3:*", "Resource": "*"}],
        },
        "resource",
        ("deleted-principal",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": "11112222333"}, "Action": "s3:*", "Resource": "*"}],
        },
        "resource",
        ("bad-principal",),
    ),
)
_KINDS = ("user", "role", "assumed-role", "federated-user", "oidc-provider", "saml-provider")


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Read each entry."""
    del kind
    for statement in document.statements:
        for element, held in (("Principal", statement.principal), ("NotPrincipal", statement.not_principal)):
            for of, values in (held or {}).items():
                for index, value in enumerate(values):
                    at = ("Statement", statement.index, element) if of == "*" else ("Statement", statement.index, element, of, index)
                    spot = _one(of, value, at)
                    if spot is not None:
                        yield spot


def _one(of: str, value: str, at: tuple[str | int, ...]) -> Spot | None:
    if value == "*":
        return None
    if "*" in value or "?" in value:
        helps = ('write "Principal": "*" with a condition `ArnLike` on `aws:PrincipalArn`',)
        return Spot(
            code="wildcard-in-principal", message=f"`{value}` names nobody: a principal takes no wildcard inside", path=at, help=helps
        )
    if of == "AWS":
        return _aws(value, at)
    if of == "Service" and ("." not in value or "/" in value or value.startswith("arn:")):
        return Spot(
            code="bad-principal", message=f"`{value}` is no service principal", path=at, help=("it reads like `lambda.amazonaws.com`",)
        )
    return None


def _aws(value: str, at: tuple[str | int, ...]) -> Spot | None:
    if value[:4] in UNIQUE_ID_PREFIXES and ":" not in value:
        message = f"`{value}` is what AWS left of a deleted principal: it matches nobody, also if one of that name exists again"
        return Spot(code="deleted-principal", message=message, path=at, help=("name the ARN anew",))
    arn = Arn.parse(value)
    good = len(value) == 12 and value.isdigit()
    if arn is not None:
        iam = arn.service_prefix in ("iam", "sts") and not arn.region
        account = (len(arn.account) == 12 and arn.account.isdigit()) or arn.account in ("cloudfront", "aws")
        good = iam and account and (arn.resource == "root" or (arn.resource_type in _KINDS and bool(arn.name)))
    if good:
        return None
    helps = ("name an account of 12 digits, or the ARN of a role or user",)
    return Spot(code="bad-principal", message=f"`{value}` is neither an account nor the ARN of a role or user", path=at, help=helps)
