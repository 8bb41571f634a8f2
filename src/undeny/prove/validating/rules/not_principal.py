"""`NotPrincipal`: with Allow it lets in everyone else, anonymous callers too; with Deny it spares hardly anyone whom it seems to spare."""

from collections.abc import Iterator

from undeny.iam.model import Document
from undeny.prove.validating.model import Kind, Level, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/A"}, "Action": "s3:*", "Resource": "*"}
            ],
        },
        "resource",
        ("not-principal",),
    ),
)
_INSTEAD = 'write "Principal": "*" with a condition `ArnNotEquals` on `aws:PrincipalArn`'


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Find it in policies that have principals."""
    if kind in ("identity", "scp"):
        return
    for statement in document.statements:
        if "NotPrincipal" not in statement.raw:
            continue
        level: Level = "error" if statement.effect == "Allow" else "warning"
        if statement.effect == "Allow":
            message = "`NotPrincipal` with Allow lets in everyone but these, anonymous callers too"
        else:
            message = "`NotPrincipal` with Deny denies whoever has a permissions boundary, and a role's session unless it is named too"
        path = ("Statement", statement.index, "NotPrincipal")
        yield Spot(code="not-principal", message=message, path=path, help=(_INSTEAD,), level=level, name=True)
