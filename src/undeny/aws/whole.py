"""A whole account as a snapshot: every role and user with its policies, and every thing that has a policy of its own."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from undeny import dropins
from undeny.aws.collect import organizations, s3
from undeny.aws.keys import plain
from undeny.aws.permissions import SERVICES
from undeny.aws.reader import Reader
from undeny.aws.session import Session
from undeny.evidence import gaps
from undeny.evidence.model import Gap, LevelSet, Policy, PolicySet, Resource
from undeny.evidence.snapshot import Holder, Snapshot
from undeny.iam.arn import Arn

_KEPT = ("Path", "RoleName", "RoleId", "UserName", "UserId", "CreateDate", "Tags", "PermissionsBoundary")
_FILTER = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]


def account(session: Session, *, clock: Callable[[], datetime] | None = None) -> Snapshot:
    """Read the account of these credentials, its things in the session's Region; what is refused is a gap.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    reader = Reader(session, clock)
    holders, roles = _identities(reader)
    things = {thing.arn: thing for thing in (*roles, *_things(reader), _whole(reader))}
    me = reader.me.account
    paths: dict[tuple[str, str], LevelSet] = {(kind, me): organizations.levels(reader, kind, me) for kind in ("scp", "rcp")}
    return Snapshot(
        folder=reader.source,
        time=reader.clock(),
        by=reader.source,
        accounts=(me,),
        holders={holder.arn: holder for holder in holders},
        resources=things,
        paths=paths,
        gaps=tuple(reader.gaps),
    )


def _whole(reader: Reader) -> Resource:
    own = organizations.organization(reader)
    settings = s3.account(reader, reader.me.account)
    if isinstance(own, Mapping):
        kept = {key: own[key] for key in ("Id", "Arn", "FeatureSet") if key in own}
        settings |= {"MasterAccountId": own["MasterAccountId"], "Organization": plain(kept)}
    return Resource(arn=reader.account_arn, policy=None, settings=settings)


def _things(reader: Reader) -> Iterator[Resource]:
    for module in dropins.load_all(SERVICES):
        for arn in getattr(module, "every", _none)(reader):
            yield module.read(reader, arn)


def _none(_: Reader) -> tuple[Arn, ...]:
    return ()


def _identities(reader: Reader) -> tuple[list[Holder], list[Resource]]:
    what = f"roles and users of {reader.me.account}"
    action = "iam:GetAccountAuthorizationDetails"
    answer = reader.call("iam", "get_account_authorization_details", action=action, what=what, Filter=_FILTER)
    if not isinstance(answer, dict):
        return [], []
    managed = dict(_managed(reader, answer))
    groups = {one["GroupName"]: _own(reader, one, "Group", managed) for one in answer.get("GroupDetailList", ())}
    users = [_user(reader, one, groups, managed) for one in answer.get("UserDetailList", ())]
    roles = [_holder(one, _own(reader, one, "Role", managed), managed) for one in answer.get("RoleDetailList", ())]
    things = [_role(reader, one) for one in answer.get("RoleDetailList", ())]
    things += [Resource(arn=one["Arn"], policy=None, settings=_settings(one), exists=True) for one in answer.get("UserDetailList", ())]
    return users + roles, things


def _managed(reader: Reader, answer: Mapping[str, Any]) -> Iterator[tuple[str, Policy | Gap]]:
    for one in answer.get("Policies", ()):
        arn = Arn.parse(one["Arn"])
        name = one.get("PolicyName") or (arn.name if arn else one["Arn"])
        version = next((v for v in one.get("PolicyVersionList", ()) if v["VersionId"] == one["DefaultVersionId"]), None)
        if version is not None:
            yield one["Arn"], reader.policy(name, version["Document"], arn=one["Arn"], inline=False)


def _own(reader: Reader, one: Mapping[str, Any], kind: str, managed: Mapping[str, Policy | Gap]) -> PolicySet:
    """Give what a role, user or group has itself; one policy that is not there leaves the layer open."""
    held = [
        reader.policy(p["PolicyName"], p["PolicyDocument"], attached_to=one["Arn"], inline=True) for p in one.get(f"{kind}PolicyList", ())
    ]
    held += [managed.get(p["PolicyArn"], Gap(what=f"policy {p['PolicyArn']}")) for p in one.get("AttachedManagedPolicies", ())]
    missing = next((policy for policy in held if isinstance(policy, Gap)), None)
    return missing or tuple(policy for policy in held if isinstance(policy, Policy))


def _user(reader: Reader, one: Mapping[str, Any], groups: Mapping[str, PolicySet], managed: Mapping[str, Policy | Gap]) -> Holder:
    held: PolicySet = _own(reader, one, "User", managed)
    for name in one.get("GroupList", ()):
        theirs = groups.get(name, Gap(what=f"policies of group {name}"))
        if isinstance(held, tuple):
            held = theirs if isinstance(theirs, Gap) else (*held, *(theirs or ()))
    return _holder(one, held, managed)


def _holder(one: Mapping[str, Any], identity: PolicySet, managed: Mapping[str, Policy | Gap]) -> Holder:
    attached = (one.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    if attached is None:
        return Holder(arn=one["Arn"], identity=identity, boundary=None)
    policy = managed.get(attached, gaps.boundary(one["Arn"]))
    return Holder(arn=one["Arn"], identity=identity, boundary=policy if isinstance(policy, Gap) else (policy,))


def _role(reader: Reader, one: Mapping[str, Any]) -> Resource:
    policy = reader.policy("trust policy", one["AssumeRolePolicyDocument"], attached_to=one["Arn"])
    return Resource(arn=one["Arn"], policy=policy, settings=_settings(one), exists=True)


def _settings(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(one[key]) for key in _KEPT if key in one}
