"""An action that no service has: it is never matched."""

from collections.abc import Iterator
from difflib import get_close_matches

from undeny import catalog
from undeny.iam import wildcard
from undeny.iam.model import Document
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
EXAMPLES = (
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "*"}]},
        "identity",
        ("unknown-action",),
    ),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:HeadObject", "Resource": "*"}]},
        "identity",
        ("operation-not-action",),
    ),
    ({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s33:*", "Resource": "*"}]}, "identity", ("unknown-service",)),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Fetch*", "Resource": "*"}]},
        "identity",
        ("action-matches-nothing",),
    ),
)


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Look every action up."""
    del kind
    for statement in document.statements:
        for text, path in shared.entries(statement, "Action", "NotAction"):
            spot = _one(text, path)
            if spot is not None:
                yield spot


def _one(text: str, path: shared.Path) -> Spot | None:
    prefix, _, name = text.partition(":")
    if text in ("*", "*:*") or (not wildcard.has_wildcard(text) and catalog.action(text) is not None):
        return None
    if prefix.lower() not in catalog.prefixes():
        return Spot(code="unknown-service", message=f"no AWS service has the prefix `{prefix}`", path=path, help=_services(prefix))
    if wildcard.has_wildcard(text):
        if catalog.expand(text):
            return None
        message = f"no action of {prefix} is matched by `{text}` (as of {catalog.AS_OF})"
        return Spot(code="action-matches-nothing", message=message, path=path, help=("look for the name without the wildcard",))
    actions = [one for one in catalog.actions_for(name, prefix) if catalog.action(one) is not None]
    if actions:
        message = f"`{text}` is an API operation, not an action"
        return Spot(code="operation-not-action", message=message, path=path, help=(f"its action is {shared.shown(actions)}",))
    near = catalog.did_you_mean(text)
    helps = (f"did you mean `{near}`?",) if near else ()
    return Spot(code="unknown-action", message=f"{prefix} has no action `{text}` (as of {catalog.AS_OF})", path=path, help=helps)


def _services(prefix: str) -> tuple[str, ...]:
    meant = catalog.prefixes_for(prefix)[:1] or get_close_matches(prefix.lower(), catalog.prefixes(), n=1)
    return tuple(f"did you mean `{one}`?" for one in meant)
