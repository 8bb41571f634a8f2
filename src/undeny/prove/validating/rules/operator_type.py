"""An operator that does not fit its key's type, or a value that the operator cannot read."""

from collections.abc import Iterator, Mapping

from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.conditions import Written, read_operator
from undeny.iam.model import Condition, Document
from undeny.iam.operators import READERS
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}}
            ],
        },
        "identity",
        ("operator-type-mismatch",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/99"}}}],
        },
        "identity",
        ("bad-value",),
    ),
    (
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "s3:*",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}},
                }
            ],
        },
        "identity",
        ("wildcard-without-like",),
    ),
)
_FITS: Mapping[str, tuple[str, ...]] = {
    "string": ("String", "ARN"),
    "arn": ("ARN",),
    "bool": ("Bool",),
    "numeric": ("Numeric",),
    "date": ("Date",),
    "ip": ("IPAddress",),
    "binary": ("Binary", "String"),
}
_WANTED: Mapping[str, str] = {
    "String": "StringEquals",
    "ARN": "ArnLike",
    "Bool": "Bool",
    "Numeric": "NumericEquals",
    "Date": "DateGreaterThan",
    "IPAddress": "IpAddress",
}
_EXAMPLE: Mapping[str, str] = {
    "bool": "`true` or `false`",
    "numeric": "a number",
    "date": "a time such as `2026-11-20T09:00:00Z`, or seconds since 1970",
    "ip": "an address or a range such as `203.0.113.0/24`",
    "binary": "base64",
    "null": "`true` or `false`",
}


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Hold operator, key and values against each other."""
    del kind
    for _, condition, path in shared.conditions(document):
        written = read_operator(condition.operator)
        if written is not None:
            yield from _key(condition, written, path)
            yield from _values(condition, written, path)


def _key(condition: Condition, written: Written, path: shared.Path) -> Iterator[Spot]:
    known = catalog.condition_key(condition.key)
    fits = _FITS.get(written.operator.type)
    if known is None or fits is None or known.type in fits or known.type not in _WANTED:
        return
    message = f"`{condition.key}` is of type {known.type}, which `{condition.operator}` does not compare"
    wanted = _WANTED[known.type]
    yield Spot(code="operator-type-mismatch", message=message, path=path, help=(f"write it with `{wanted}` or its kin",), name=True)


def _values(condition: Condition, written: Written, path: shared.Path) -> Iterator[Spot]:
    kind = written.operator.type
    for index, value in enumerate(condition.values):
        at = (*path, index)
        if "${" in value:
            continue
        if _unreadable(kind, value):
            so = "nobody can say what it does" if written.operator.negated else "it never matches"
            message = f"`{condition.operator}` cannot read `{value}`: {so}"
            yield Spot(code="bad-value", message=message, path=at, help=(f"write {_EXAMPLE[kind]}",))
        elif kind == "arn" and value.count(":") < 5 and value != "*":
            yield Spot(
                code="bad-value",
                message=f"`{value}` is no ARN: `{condition.operator}` never matches it",
                path=at,
                help=("an ARN has six parts",),
            )
        elif kind == "string" and not written.operator.wildcards and wildcard.has_wildcard(value):
            message = f"`{condition.operator}` takes the wildcard in `{value}` as that very character"
            like = "StringNotLike" if written.operator.negated else "StringLike"
            yield Spot(code="wildcard-without-like", message=message, path=at, help=(f"write it with `{like}`",), level="warning")


def _unreadable(kind: str, value: str) -> bool:
    if kind == "null":
        return value.strip().lower() not in ("true", "false")
    reader = next((readers[0] for name, readers in READERS.items() if name == kind), None)
    return reader is not None and reader(value) is None
