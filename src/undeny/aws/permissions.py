"""Which permissions collecting uses, as a policy and as a page: both made from the service files."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from undeny import dropins
from undeny.iam.arn import Arn

SERVICES = "undeny.aws.collect"
_FREE = "sts:GetCallerIdentity"  # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no permission
_ARN_SCOPED = ("s3", "kms", "sqs", "sns", "lambda", "secretsmanager", "ecr", "dynamodb")


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One read that collecting would make: the action, on what, and why."""

    action: str
    target: str
    why: str

    @property
    def text(self) -> str:
        """The read as a line."""
        return f"{self.action} on {self.target}: {self.why}"


@cache
def permissions() -> Mapping[str, tuple[str, str]]:
    """Give every action that collecting can use, with why it is read and AWS's page."""
    return _declared("PERMISSIONS")


@cache
def account_permissions() -> Mapping[str, tuple[str, str]]:
    """Give the actions that a snapshot of a whole account uses beside those."""
    return {action: told for action, told in _declared("ACCOUNT_PERMISSIONS").items() if action not in permissions()}


@cache
def network_permissions() -> Mapping[str, tuple[str, str]]:
    """Give the actions that `undeny network` reads with."""
    return _declared("NETWORK_PERMISSIONS")


def _declared(name: str) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for module in dropins.load_all(SERVICES):
        found.update(getattr(module, name, {}))
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def account_plan() -> tuple[Read, ...]:
    """List the reads that a snapshot of a whole account makes."""
    told = {**permissions(), **account_permissions()}
    return tuple(Read(action=action, target="*", why=why) for action, (why, _) in told.items())


def reader_policy(reads: Iterable[Read] = (), *, told: Iterable[str] | None = None) -> dict[str, Any]:
    """Give the least-privilege policy that collecting needs: for anything, for just these reads of a plan, or for these actions."""
    wanted = list(reads)
    if not wanted:
        by_service: dict[str, list[str]] = {}
        for action in permissions() if told is None else told:
            if action != _FREE:
                by_service.setdefault(action.partition(":")[0], []).append(action)
        statements = [_statement(prefix, actions, ["*"]) for prefix, actions in by_service.items()]
        return {"Version": "2012-10-17", "Statement": statements}
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for read in wanted:
        if read.action != _FREE:
            key = (read.action.partition(":")[0], _resources(read))
            grouped.setdefault(key, []).append(read.action)
    statements = [
        _statement(f"{prefix}{index or ''}", list(dict.fromkeys(actions)), list(resources))
        for index, ((prefix, resources), actions) in enumerate(grouped.items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(name: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    sid = "Read" + "".join(word.title() for word in name.split("-"))
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources[0] if len(resources) == 1 else resources}


def _resources(read: Read) -> tuple[str, ...]:
    """Give what the action must be allowed on: the thing itself where the action takes one, else everything."""
    arn = Arn.parse(read.target)
    prefix = read.action.partition(":")[0]
    if arn is None or arn.service_prefix != prefix:
        return ("*",)
    if prefix == "iam" and arn.resource_type in ("role", "user"):
        return (str(arn),)
    if prefix == "kms" and arn.resource_type == "alias":
        return ("*",)  # an alias is no resource of the key's own actions: which key is behind it is what is asked
    return (read.target,) if prefix in _ARN_SCOPED and read.action != "s3:GetAccountPublicAccessBlock" else ("*",)


def permissions_page() -> str:
    """Write `docs/permissions.md`."""
    lines = [
        "# What undeny reads, and the permissions for it",
        "",
        "Made from the service files in `src/undeny/aws/collect/`; do not edit. All are read-only, none reads your data: no object,",
        "message, item or secret value. A read that is refused leaves a gap that names the permission; it never stops an answer.",
        "`undeny reader-policy` prints them as a policy. `undeny explain --plan` lists the reads of one denial before they are made.",
        "`sts:GetCallerIdentity` works without any permission.",
        "",
        "`undeny plan` and `undeny apply` name the calls that write before they are made. Where a managed policy or an SCP is to be",
        "changed they also read whom that touches: `iam:ListPolicyVersions`, `iam:ListEntitiesForPolicy`,",
        "`organizations:ListTargetsForPolicy`.",
        "",
        "| action | what is read |",
        "|---|---|",
    ]
    lines.extend(f"| [`{action}`]({url}) | {why} |" for action, (why, url) in permissions().items())
    lines.extend(["", "A network path needs (`undeny reader-policy --network`):", "", "| action | what is read |", "|---|---|"])
    lines.extend(f"| [`{action}`]({url}) | {why} |" for action, (why, url) in network_permissions().items())
    lines.extend(["", "A snapshot of a whole account lists its things first:", "", "| action | what is read |", "|---|---|"])
    lines.extend(f"| [`{action}`]({url}) | {why} |" for action, (why, url) in account_permissions().items())
    return "\n".join(lines) + "\n"
