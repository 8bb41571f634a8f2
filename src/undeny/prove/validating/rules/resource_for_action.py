"""A resource that an action cannot work on: the action is then never allowed, whatever else the statement says."""

from collections.abc import Iterator

from undeny import catalog
from undeny.iam.model import Document, Statement
from undeny.prove.containment import patterns
from undeny.prove.containment.language import Language
from undeny.prove.validating import shared
from undeny.prove.validating.model import Kind, Spot

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html"
EXAMPLES = (
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs"}]},
        "identity",
        ("resource-for-no-action", "resource-not-for-action"),
    ),
    (
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::logs"}]},
        "identity",
        ("resource-for-no-action", "resource-not-for-action"),
    ),
)


def check(document: Document, kind: Kind) -> Iterator[Spot]:
    """Hold each action of a statement against its resources, and each resource against the actions."""
    del kind
    for statement in document.statements:
        actions = shared.named(statement)
        if statement.resource and actions and statement.usable and len(actions) * len(statement.resource) <= 400:
            yield from _actions(statement)
            yield from _resources(statement, actions)


def _languages(action: catalog.Action, of: tuple[str, ...]) -> tuple[Language, ...]:
    return patterns.arns_of(action, of)


def _meets(action: catalog.Action, text: str) -> bool:
    return shared.meets(text, _languages(action, shared.partitions(text)))


def _actions(statement: Statement) -> Iterator[Spot]:
    for text, path in shared.entries(statement, "Action"):
        action = catalog.action(text)
        if action is None or any(_meets(action, resource) for resource in statement.resource or ()):
            continue
        message = f"`{action.name}` works on none of the resources here: this statement never applies to it"
        yield Spot(code="resource-not-for-action", message=message, path=path, help=(_wanted(action),))


def _wanted(action: catalog.Action) -> str:
    templates = catalog.arn_template(action.name)
    if not action.resources or not templates:
        return 'it works on no resource of its own: it wants "Resource": "*"'
    return f"it works on {shared.shown([template.replace('${Partition}', 'aws') for template in templates])}"


def _resources(statement: Statement, actions: tuple[catalog.Action, ...]) -> Iterator[Spot]:
    for text, path in shared.entries(statement, "Resource"):
        if not any(_meets(action, text) for action in actions):
            message = f"no action of this statement works on `{text}`"
            helps = ("take it out, or add the action that is meant",)
            yield Spot(code="resource-for-no-action", message=message, path=path, help=helps, level="warning")
