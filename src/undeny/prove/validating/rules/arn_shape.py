"""An ARN that no thing of its service can have: a Region where there is none, none where there must be one, an account in a bucket's."""

from collections.abc import Iterator

import msgspec

from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.arn import Arn
from undeny.iam.model import Document
from undeny.prove.containment import patterns
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"
EXAMPLES = (
    (
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam:us-east-1:111122223333:role/A"}],
        },
        "identity",
        ("region-in-arn", "resource-for-no-action", "resource-not-for-action"),
    ),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "my-bucket/*"}]},
        "identity",
        ("bad-arn", "resource-for-no-action"),
    ),
)
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html and the SDKs' own list of partitions."""


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Hold each resource against all that its service can name."""
    del kind
    for statement in document.statements:
        for text, path in shared.entries(statement, "Resource", "NotResource"):
            spot = _one(text, path)
            if spot is not None:
                yield spot


def _one(text: str, path: shared.Path) -> Spot | None:
    if text == "*" or text.startswith("${"):
        return None
    arn = Arn.parse(text)
    if arn is None and wildcard.has_wildcard(text) and shared.meets(text, (patterns.arns(_PARTITIONS[:3]),)):
        return None
    if arn is None:
        helps = (
            (f"for a bucket: `arn:aws:s3:::{text}`",)
            if ":" not in text
            else ("an ARN has six parts: `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`",)
        )
        return Spot(code="bad-arn", message=f"`{text}` is neither `*` nor an ARN: it matches nothing", path=path, help=helps)
    if not any(wildcard.matches(arn.partition, one) for one in _PARTITIONS):
        return Spot(code="unknown-partition", message=f"there is no partition `{arn.partition}`", path=path, help=("write `arn:aws:...`",))
    if wildcard.has_wildcard(arn.service_prefix) or catalog.service(arn.service_prefix) is None:
        return None
    return _shaped(text, arn, path)


def _shaped(text: str, arn: Arn, path: shared.Path) -> Spot | None:
    languages = shared.arns_of_service(arn.service_prefix, shared.partitions(text))
    if not languages or shared.meets(text, languages):
        return None
    for code, what, other in _others(arn):
        if shared.meets(str(other), languages):
            return Spot(
                code=code,
                message=f"`{text}` {what}: no thing of {arn.service_prefix} has such an ARN",
                path=path,
                help=(f"write `{other}`",),
            )
    message = f"no thing of {arn.service_prefix} has an ARN like `{text}`"
    kinds = catalog.service(arn.service_prefix)
    templates = [kind.arn.replace("${Partition}", "aws") for kind in kinds.resource_types.values()] if kinds else []
    return Spot(code="arn-of-nothing", message=message, path=path, help=(f"its things are {shared.shown(templates)}",), level="warning")


def _others(arn: Arn) -> Iterator[tuple[str, str, Arn]]:
    replace = msgspec.structs.replace
    if arn.region:
        yield "region-in-arn", f"names the Region `{arn.region}`", replace(arn, region="")
    if arn.account:
        yield "account-in-arn", f"names the account `{arn.account}`", replace(arn, account="")
    if arn.region and arn.account:
        yield "region-in-arn", "names a Region and an account", replace(arn, region="", account="")
    if not arn.region:
        yield "region-missing", "names no Region", replace(arn, region="*")
    if not arn.account:
        yield "account-missing", "names no account", replace(arn, account="*")
    if not arn.region and not arn.account:
        yield "region-missing", "names neither Region nor account", replace(arn, region="*", account="*")
