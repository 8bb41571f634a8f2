"""What an edit is in AWS's terms: which kind of policy of which thing, and which value in it is the one that a fix corrects."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from undeny.fix.model import CallEdit, Fix, PolicyEdit, SettingEdit
from undeny.iam import elements
from undeny.iam.arn import Arn

Kind = Literal[
    "role_inline", "user_inline", "group_inline", "managed", "trust", "bucket", "queue", "topic", "key", "secret", "repository", "table",
    "function", "endpoint", "organization", "session", "other",
]  # fmt: skip
_BY_SERVICE: Mapping[str, Kind] = {
    "s3": "bucket", "sqs": "queue", "sns": "topic", "kms": "key", "secretsmanager": "secret", "ecr": "repository", "dynamodb": "table",
    "lambda": "function", "iam": "trust",
}  # fmt: skip


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One document to write: its kind, the thing's name, account and Region, and the policy's own name and ARN where it has them."""

    kind: Kind
    edit: PolicyEdit
    name: str
    policy: str
    arn: str
    region: str
    account: str

    @property
    def label(self) -> str:
        """A name that code may give it: letters, digits and underscores."""
        return word(f"{self.name}_{self.policy}" if self.policy else self.name)

    @property
    def new(self) -> bool:
        """Whether there is no such document yet."""
        return self.edit.before is None

    @property
    def identifier(self) -> str:
        """The id of an organisation's policy: of its ARN, else its name where that is one, else a placeholder.

        https://docs.aws.amazon.com/organizations/latest/APIReference/API_Policy.html
        """
        arn = Arn.parse(self.arn)
        if arn is not None and arn.service_prefix == "organizations" and "/p-" in arn.resource:
            return arn.name
        return self.policy if re.fullmatch(r"p-[0-9a-zA-Z_]{8,128}", self.policy) else f"<id of {self.policy}: p-...>"

    def names(self) -> dict[str, str]:
        """Give what a format may name it by: `name`, `policy`, `arn`, `url`, `identifier`."""
        return {"name": self.name, "policy": self.policy, "arn": self.arn, "url": self.queue_url, "identifier": self.identifier}

    @property
    def queue_url(self) -> str:
        """The URL by which SQS names a queue.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
        """
        return f"https://sqs.{self.region}.amazonaws.com/{self.account}/{self.name}"


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """The value that a fix adds or corrects, as an input of the code: its name, the value, and the pattern that it must fit."""

    name: str
    value: str
    pattern: str
    says: str


def word(text: str) -> str:
    """Give a text as an identifier."""
    cleaned = re.sub(r"\W+", "_", text).strip("_")
    return cleaned if cleaned and not cleaned[0].isdigit() else f"x_{cleaned}"


def shapes(fix: Fix, scenario: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Give the documents that a fix writes, in its order."""
    return tuple(_shape(c, scenario) for c in fix.changes if isinstance(c, PolicyEdit))


def calls(fix: Fix) -> tuple[CallEdit, ...]:
    """Give the changes to the call, which no infrastructure code makes."""
    return tuple(c for c in fix.changes if isinstance(c, CallEdit))


def settings(fix: Fix) -> tuple[SettingEdit, ...]:
    """Give the settings that a fix changes."""
    return tuple(c for c in fix.changes if isinstance(c, SettingEdit))


def _shape(edit: PolicyEdit, scenario: Mapping[str, Any]) -> Shape:
    arn = Arn.parse(edit.target)
    held = _policy(edit, scenario)
    policy_arn = str(held.get("arn") or "")
    kind = _kind(edit, arn, policy_arn, str(held.get("attached_to") or ""))
    whose = Arn.parse(str(held.get("attached_to"))) if kind == "group_inline" else arn
    return Shape(
        kind=kind,
        edit=edit,
        name=_name(kind, whose, edit.target),
        policy=edit.policy or "",
        arn=policy_arn or edit.target,
        region=arn.region if arn else "",
        account=arn.account if arn else "",
    )


def _policy(edit: PolicyEdit, scenario: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the scenario says of a policy beside its document: ARN, and whom it is attached to."""
    layer = (scenario.get("policies") or {}).get(edit.layer)
    found = [p for p in _all(layer) if isinstance(p, Mapping) and p.get("name") == edit.policy]
    return found[0] if found else {}


def _all(layer: Any) -> Iterator[Any]:
    for one in layer if isinstance(layer, list) else ():
        yield one
        if isinstance(one, Mapping) and isinstance(one.get("policies"), list):
            yield from one["policies"]


def _kind(edit: PolicyEdit, arn: Arn | None, policy_arn: str, attached_to: str) -> Kind:
    match edit.layer:
        case "identity":
            return "managed" if policy_arn else _inline(arn, attached_to)
        case "boundary":
            return "managed"
        case "scp" | "rcp":
            return "organization"
        case "session" | "endpoint":
            return edit.layer
        case "resource":
            return _BY_SERVICE.get(arn.service_prefix if arn else "", "other")


def _inline(arn: Arn | None, attached_to: str) -> Kind:
    if ":group/" in attached_to:
        return "group_inline"
    return "user_inline" if arn is not None and arn.resource_type == "user" else "role_inline"


def _name(kind: Kind, arn: Arn | None, target: str) -> str:
    if arn is None:
        return target
    if kind in ("queue", "topic"):
        return arn.resource
    if kind == "bucket":
        return arn.bucket
    if kind in ("role_inline", "user_inline", "group_inline", "trust", "managed", "endpoint"):
        return arn.name
    return arn.resource_id or arn.resource


def corrected(shape: Shape) -> Corrected | None:
    """Give the value that is new in the document and that the code takes as an input: a resource's ARN, else a condition's value."""
    old = set(_texts(elements.statements(shape.edit.before)))
    for statement in elements.statements(shape.edit.after):
        for resource in elements.listed(statement.get("Resource")):
            arn = Arn.parse(str(resource))
            if arn is not None and str(resource) and str(resource) not in old and "${" not in str(resource):
                return Corrected(
                    name="resource_arn",
                    value=str(resource),
                    pattern=f"^arn:aws[a-z-]*:{re.escape(arn.service_prefix)}:",
                    says=f"an ARN of {arn.service_prefix}",
                )
        for key, value in _condition_values(statement):
            if value and value not in old and "${" not in value and value not in ("true", "false"):
                name = word(key.rpartition(":")[2]).lower()
                return Corrected(name=name, value=value, pattern=_like(value), says=f"a value of {key} like {value}")
    return None


def _like(value: str) -> str:
    """Give the pattern that values of the same kind fit: an ARN of that service, a service principal, an account id; else any text."""
    arn = Arn.parse(value)
    if arn is not None:
        return f"^arn:aws[a-z-]*:{re.escape(arn.service_prefix)}:"
    if value.endswith(".amazonaws.com"):
        return "^[a-z0-9.-]+[.]amazonaws[.]com$"
    return "^[0-9]{12}$" if len(value) == 12 and value.isdigit() else "^.+$"


def _condition_values(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for block in (statement.get("Condition") or {}).values():
        for key, values in block.items() if isinstance(block, Mapping) else ():
            yield from ((str(key), str(v)) for v in elements.listed(values))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)
    else:
        yield str(value)


def replaced(value: Any, old: str, new: Any) -> Any:
    """Give `value` with every text that is exactly `old` replaced."""
    if isinstance(value, Mapping):
        return {k: replaced(v, old, new) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(v, old, new) for v in value]
    return new if value == old else value


def heading(fix: Fix) -> tuple[str, ...]:
    """Give the lines that stand above the code: what it does, whose it is, what it assumes and risks."""
    lines = [fix.title]
    lines += [f"Owner: {fix.owner}"] if fix.owner else []
    lines += [f"Managed by {fix.managed_by}: change it there, or the next deploy undoes this"] if fix.managed_by else []
    lines += [f"Assumes: {text}" for text in fix.assumes] + [f"Risk: {text}" for text in fix.risks]
    lines += [f"Change to the call, which no code of this kind makes: {c.how}" for c in calls(fix)]
    return tuple(" ".join(line.split()) for line in lines)
