"""From an edit to the place it means: the policy by its name on the principal, the thing by its ARN."""

from collections.abc import Iterator
from typing import Any

from undeny.aws.collect import (
    awslambda,
    dynamodb,
    ec2,
    ecr,
    elasticfilesystem,
    events,
    iam,
    kinesis,
    kms,
    organizations,
    s3,
    secretsmanager,
    sns,
    sqs,
)
from undeny.aws.reader import Reader
from undeny.aws.targets import Place, Standing
from undeny.errors import UndenyError
from undeny.evidence.model import Gap, Level, Policy, PolicySet, Resource
from undeny.fix.model import PolicyEdit
from undeny.iam.arn import Arn
from undeny.iam.limits import LENGTHS
from undeny.iam.principal import Principal


def standing(reader: Reader, edit: PolicyEdit) -> Standing:
    """Find the place that an edit means and what stands there. Raises `UndenyError` where it cannot be read or must not be written."""
    match edit.layer:
        case "identity":
            return _identity(reader, edit)
        case "boundary":
            return _boundary(reader, edit)
        case "resource":
            return _thing(reader, edit)
        case "endpoint":
            return _endpoint(reader, edit)
        case "scp" | "rcp":
            return _organization(reader, edit)
        case "session":
            raise UndenyError(
                "a session policy is fixed when the session is made: it cannot be changed afterwards",
                help=("change what passes `Policy` to AssumeRole, and assume the role again",),
                code="not-writable",
            )


def _identity(reader: Reader, edit: PolicyEdit) -> Standing:
    who = Principal.parse(edit.target)
    if who.kind not in ("role", "role_session", "user") and ":group/" not in edit.target:
        raise UndenyError(f"`{edit.target}` has no identity policies that could be changed", code="not-writable")
    if edit.policy is None:
        raise UndenyError(f"the change to `{edit.target}` does not say which policy", code="malformed-fix")
    _own(reader, edit.target)
    kind, name = ("group", edit.target.rpartition("/")[2]) if ":group/" in edit.target else _kind(who)
    if who.is_service_linked_role:
        raise UndenyError(f"`{edit.target}` is a service-linked role: AWS alone changes it", code="not-writable")
    found = [policy for policy in _policies(reader, who, kind, name) if policy.name == edit.policy]
    if len(found) > 1:
        held = ", ".join(policy.arn or f"inline on {policy.attached_to}" for policy in found)
        raise UndenyError(f"`{edit.policy}` names several policies of `{edit.target}`: {held}", code="ambiguous-policy")
    if not found:
        return Standing(place=_inline(kind, name, edit.policy), text=None)
    if edit.after is None and not found[0].inline:
        return _attachment(found[0], kind, name)
    return _held(reader, found[0], kind, name)


def _attachment(policy: Policy, kind: str, name: str) -> Standing:
    """Give a managed policy as it is attached: to take it away from one holder is to detach it, AWS's own policies too."""
    if policy.attached_to is not None and ":group/" in policy.attached_to:
        kind, name = "group", policy.attached_to.rpartition("/")[2]
    names = {f"{kind.title()}Name": name, "PolicyArn": policy.arn or ""}
    place = Place(kind="attachment", title=f"managed policy {policy.name} on {kind} {name}", names=names)
    return Standing(place=place, text=policy.document.text)


def _kind(who: Principal) -> tuple[str, str]:
    return ("user" if who.kind == "user" else "role"), (who.name or "").rpartition("/")[2]


def _policies(reader: Reader, who: Principal, kind: str, name: str) -> Iterator[Policy]:
    if kind == "group":
        held: PolicySet = iam.of_holder(reader, "group", name, who.text)
    else:
        held = iam.caller(reader, who)[0].identity
    yield from _readable(held)


def _readable(held: PolicySet) -> tuple[Policy, ...]:
    if isinstance(held, Gap):
        raise UndenyError(
            f"{held.what} could not be read ({held.why}), so nothing is changed",
            help=(f"it needs {held.permission}",) if held.permission else (),
            code="not-readable",
            exit_status=3,
        )
    return held or ()


def _inline(kind: str, name: str, policy: str) -> Place:
    limit = LENGTHS[kind]
    names = {f"{kind.title()}Name": name, "PolicyName": policy}
    return Place(kind="inline", title=f"inline policy {policy} of {kind} {name}", names=names, limit=limit, whitespace=False)


def _held(reader: Reader, policy: Policy, kind: str, name: str) -> Standing:
    if policy.inline:
        group = policy.attached_to is not None and ":group/" in policy.attached_to
        holder = ("group", (policy.attached_to or "").rpartition("/")[2]) if group else (kind, name)
        return Standing(place=_inline(*holder, policy.name), text=policy.document.text)
    return managed(reader, policy)


def managed(reader: Reader, policy: Policy) -> Standing:
    """Give a customer managed policy as it stands, with its versions and whoever else has it."""
    arn = policy.arn or ""
    parsed = Arn.parse(arn)
    if parsed is None or parsed.account == "aws":
        raise UndenyError(
            f"`{arn}` is AWS's own policy: only AWS changes it",
            help=("put the statement into a policy of your own beside it",),
            code="not-writable",
        )
    what: dict[str, Any] = {"what": f"versions of {arn}", "PolicyArn": arn}
    listed = reader.call("iam", "list_policy_versions", action="iam:ListPolicyVersions", **what)
    versions = listed.get("Versions", []) if isinstance(listed, dict) else []
    default = next((one["VersionId"] for one in versions if one["IsDefaultVersion"]), None)
    if default is None:
        _readable(listed if isinstance(listed, Gap) else Gap(what=what["what"]))
    place = Place(
        kind="managed", title=f"managed policy {policy.name}", names={"PolicyArn": arn}, limit=LENGTHS["identity"], whitespace=False
    )
    return Standing(
        place=place,
        text=policy.document.text,
        version=default,
        versions=tuple(one["VersionId"] for one in versions),
        shared=_attached_to(reader, arn),
    )


def _attached_to(reader: Reader, arn: str) -> tuple[str, ...]:
    what: dict[str, Any] = {"what": f"who has {arn}", "PolicyArn": arn}
    answer = reader.call("iam", "list_entities_for_policy", action="iam:ListEntitiesForPolicy", **what)
    if not isinstance(answer, dict):
        return ()
    kinds = (("PolicyRoles", "role", "RoleName"), ("PolicyUsers", "user", "UserName"), ("PolicyGroups", "group", "GroupName"))
    return tuple(f"{kind} {one[name]}" for field, kind, name in kinds for one in answer.get(field, ()))


def _boundary(reader: Reader, edit: PolicyEdit) -> Standing:
    _own(reader, edit.target)
    held = _readable(iam.caller(reader, Principal.parse(edit.target))[0].boundary)
    if not held or (edit.policy is not None and held[0].name != edit.policy):
        raise UndenyError(f"`{edit.target}` has no boundary `{edit.policy}` now", code="changed-meanwhile", exit_status=1)
    return managed(reader, held[0])


def _own(reader: Reader, target: str) -> None:
    arn = Arn.parse(target)
    if arn is not None and arn.account.isdigit() and arn.account != reader.me.account:
        raise UndenyError(
            f"`{target}` is in account {arn.account}, and these credentials are of {reader.me.account}",
            help=(f"give --profile NAME with a profile of account {arn.account}",),
            code="wrong-account",
        )


def _thing(reader: Reader, edit: PolicyEdit) -> Standing:
    _own(reader, edit.target)
    arn = Arn.parse(edit.target)
    maker = _THINGS.get(arn.service_prefix) if arn else None
    if arn is None or maker is None:
        raise UndenyError(
            f"undeny cannot write the policy of `{edit.target}`", help=("undeny fix --as cli gives the call",), code="not-writable"
        )
    read, place = maker
    thing: Resource = read(reader, arn)
    if thing.exists is False:
        raise UndenyError(f"`{edit.target}` does not exist", code="no-such-thing", exit_status=1)
    if isinstance(thing.policy, Gap):
        _readable(thing.policy)
    return Standing(place=place(arn, thing, reader), text=thing.policy.document.text if isinstance(thing.policy, Policy) else None)


def _bucket(arn: Arn, _: Resource, reader: Reader) -> Place:
    if arn.account:
        names = {"AccountId": arn.account, "Name": arn.name}
        return Place(
            kind="access_point", title=f"policy of access point {arn.name}", names=names, region=arn.region, limit=LENGTHS["resource"]
        )
    names = {"Bucket": arn.bucket, "ExpectedBucketOwner": reader.me.account}
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
    return Place(kind="bucket", title=f"policy of bucket {arn.bucket}", names=names, limit=LENGTHS["resource"])


def _key(arn: Arn, thing: Resource, _: Reader) -> Place:
    if thing.settings.get("KeyManager") == "AWS":
        raise UndenyError(f"`{arn}` is a key that AWS manages: its policy cannot be changed", code="not-writable")
    # https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    return Place(
        kind="key",
        title=f"policy of key {thing.settings.get('KeyId', arn.name)}",
        names={"KeyId": thing.arn},
        region=arn.region,
        limit=LENGTHS["kms"],
    )


def _queue(arn: Arn, thing: Resource, _: Reader) -> Place:
    return Place(kind="queue", title=f"policy of queue {arn.resource}", names={"QueueUrl": thing.settings["QueueUrl"]}, region=arn.region)


def _named(kind: str, parameter: str, limit: int | None = None) -> Any:
    def make(arn: Arn, _: Resource, __: Reader) -> Place:
        return Place(kind=kind, title=f"policy of {kind} {arn.name}", names={parameter: str(arn)}, region=arn.region, limit=limit)

    return make


def _short(kind: str, parameter: str) -> Any:
    def make(arn: Arn, _: Resource, __: Reader) -> Place:
        name = arn.resource.partition("/")[2]
        return Place(kind=kind, title=f"policy of {kind} {name}", names={parameter: name}, region=arn.region)

    return make


def _repository(arn: Arn, _: Resource, __: Reader) -> Place:
    name = arn.resource.partition("/")[2]
    names = {"repositoryName": name, "registryId": arn.account}
    return Place(kind="repository", title=f"policy of repository {name}", names=names, region=arn.region)


def _trust(arn: Arn, thing: Resource, _: Reader) -> Place:
    if Principal.parse(thing.arn).is_service_linked_role:
        raise UndenyError(f"`{thing.arn}` is a service-linked role: AWS alone changes it", code="not-writable")
    return Place(kind="trust", title=f"trust policy of role {arn.name}", names={"RoleName": arn.name}, whitespace=False)


_THINGS: dict[str, tuple[Any, Any]] = {
    "s3": (s3.read, _bucket),
    "kms": (kms.read, _key),
    "sqs": (sqs.read, _queue),
    "sns": (sns.read, _named("topic", "TopicArn")),
    "secretsmanager": (secretsmanager.read, _named("secret", "SecretId", LENGTHS["resource"])),
    "lambda": (awslambda.read, _named("function", "ResourceArn", LENGTHS["resource"])),
    "ecr": (ecr.read, _repository),
    "dynamodb": (dynamodb.read, _named("table", "ResourceArn", LENGTHS["resource"])),
    "kinesis": (kinesis.read, _named("stream", "ResourceARN")),
    "elasticfilesystem": (elasticfilesystem.read, _short("file system", "FileSystemId")),
    "events": (events.read, _short("event bus", "EventBusName")),
    "iam": (iam.read, _trust),
}


def _endpoint(reader: Reader, edit: PolicyEdit) -> Standing:
    arn = Arn.parse(edit.target)
    _own(reader, edit.target)
    endpoint, region = edit.target.rpartition("/")[2], arn.region if arn else reader.me.region
    held, thing = ec2.endpoint(reader, endpoint, region)
    policies = _readable(held)
    if thing is None:
        raise UndenyError(f"there is no endpoint `{endpoint}` in {region}", code="no-such-thing", exit_status=1)
    # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    place = Place(
        kind="endpoint",
        title=f"policy of VPC endpoint {endpoint}",
        names={"VpcEndpointId": endpoint},
        region=region,
        limit=LENGTHS["endpoint"],
    )
    return Standing(place=place, text=policies[0].document.text if policies else None)


def _organization(reader: Reader, edit: PolicyEdit) -> Standing:
    level: Level = organizations.level(reader, edit.layer, edit.target)
    found = next((policy for policy in _readable(level.policies) if policy.name == edit.policy), None)
    if found is None or found.arn is None:
        raise UndenyError(
            f"no policy `{edit.policy}` is attached to `{edit.target}`",
            help=("undeny changes a policy that is attached; it attaches none",),
            code="changed-meanwhile",
            exit_status=1,
        )
    arn = Arn.parse(found.arn)
    if arn is not None and arn.account == "aws":
        raise UndenyError(f"`{edit.policy}` is AWS's own policy: only AWS changes it", code="not-writable")
    limit = LENGTHS[edit.layer]
    identifier = found.arn.rpartition("/")[2]
    place = Place(
        kind="organization", title=f"{edit.layer.upper()} {edit.policy} on {edit.target}", names={"PolicyId": identifier}, limit=limit
    )
    return Standing(place=place, text=found.document.text, shared=organizations.targets(reader, identifier))
