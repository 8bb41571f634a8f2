"""A folder of evidence, readable and fit for git: documents as the text that AWS gave, with source and time, and what was refused.

snapshot.json                            schema, accounts, time, by whom, what was refused
accounts/ID/principals/role.App.json     whose policies a role or user has
accounts/ID/policies/NAME.json           managed policies, once each
accounts/ID/resources/SERVICE/NAME.json  things: their policy and facts
organization/paths.json, TARGET.json     the levels over each account, the policies of each level
authorization/ID.json                    what AWS recorded of a denial, with the policies as they were then
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from undeny.calls.model import Request
from undeny.errors import UndenyError
from undeny.evidence import files, gaps
from undeny.evidence.completing import complete
from undeny.evidence.layers import endpoint_layer, find, holder_of_policy, identity_side, in_organization, session_layer
from undeny.evidence.model import Evidence, Gap, Level, LevelSet, Policies, Policy, PolicySet, Resource
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

SCHEMA = 1


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A role or user with its policies, as collected."""

    arn: str
    identity: PolicySet
    boundary: PolicySet


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in the folder. `paths` holds for each account and kind (`scp`, `rcp`) the levels from the root down."""

    folder: str
    time: datetime | None = None
    by: str | None = None
    accounts: tuple[str, ...] = ()
    holders: Mapping[str, Holder] = {}
    resources: Mapping[str, Resource] = {}
    paths: Mapping[tuple[str, str], LevelSet] = {}
    gaps: tuple[Gap, ...] = ()

    def evidence_for(self, request: Request, *, now: datetime | None = None) -> Evidence:
        """Give the evidence on one request; what the snapshot does not hold is a gap that says so."""
        partial = Evidence(policies=self._caller_side(request), resources=self.resources, now=now, source=self.folder, gaps=self.gaps)
        whole = complete(request, partial)
        policies = msgspec.structs.replace(partial.policies, resource=self._resource(request), rcp=self._rcp(whole))
        return msgspec.structs.replace(partial, policies=policies)

    def holder(self, principal: str) -> Holder | None:
        """Give whose policies a caller has: a session's are its role's, whose ARN may have a path."""
        who = Principal.parse(principal)
        wanted = who.role_arn or who.text
        if wanted in self.holders:
            return self.holders[wanted]
        for arn, held in self.holders.items():
            one = Principal.parse(arn)
            if one.kind == "role" and who.kind == "role_session" and (one.account, one.name) == (who.account, who.name):
                return held
        return None

    def _caller_side(self, request: Request) -> Policies:
        held = self.holder(request.principal) if request.principal else None
        missing = f"not in {self.folder}"
        identity: PolicySet = held.identity if held else gaps.identity(request.principal, missing)
        boundary: PolicySet = held.boundary if held else gaps.boundary(request.principal, missing)
        if not identity_side(request.principal):
            identity, boundary = None, None
        account = Principal.parse(request.principal).account if request.principal else None
        return Policies(
            identity=identity,
            boundary=boundary,
            session=session_layer(request.principal),
            endpoint=self._endpoint(request),
            resource=None,
            scp=self._levels("scp", account) if in_organization(request.principal) else (),
            rcp=(),
        )

    def _endpoint(self, request: Request) -> PolicySet:
        named = endpoint_layer(request)
        if not isinstance(named, str):
            return named
        thing = next((one for arn, one in self.resources.items() if arn.endswith(f":vpc-endpoint/{named}")), None)
        if thing is None:
            return gaps.endpoint(named, f"not in {self.folder}")
        return thing.policy if thing.policy is None or isinstance(thing.policy, Gap) else (thing.policy,)

    def _resource(self, request: Request) -> Policy | Gap | None:
        holder = holder_of_policy(request.action, request.resource)
        if holder is None:
            return None
        thing = find(self.resources, holder)
        return thing.policy if thing else gaps.resource(holder, f"not in {self.folder}")

    def _levels(self, kind: str, account: str | None) -> LevelSet:
        found = self.paths.get((kind, account or ""))
        return gaps.organization(kind, account, f"not in {self.folder}") if found is None else found

    def _rcp(self, request: Request) -> LevelSet:
        account = request.resource_account
        if account is not None:
            return self._levels("rcp", account)
        return () if holder_of_policy(request.action, request.resource) is None else gaps.organization("rcp", None)


def read(folder: str | os.PathLike[str]) -> Snapshot:
    """Read a snapshot's folder. Raises `UndenyError` where it is none, or a file of it cannot be read."""
    root = Path(folder)
    if not (root / "snapshot.json").is_file():
        raise UndenyError(f"`{root}` is no snapshot: it has no snapshot.json", help=("undeny collect writes one",), code="no-such-snapshot")
    head = files.load(root / "snapshot.json")
    if head.get("schema", 0) > SCHEMA:
        raise UndenyError(f"`{root}` was written by a newer undeny", help=("pip install --upgrade undeny",), code="snapshot-newer")
    managed = {held["arn"]: files.policy(held) for held in map(files.load, sorted(root.glob("accounts/*/policies/*.json")))}
    holders = [_holder(held, managed) for held in map(files.load, sorted(root.glob("accounts/*/principals/*.json")))]
    things = [files.resource(held) for held in map(files.load, sorted(root.glob("accounts/*/resources/*/*.json")))]
    return Snapshot(
        folder=str(root),
        time=datetime.fromisoformat(head["time"]) if head.get("time") else None,
        by=head.get("by"),
        accounts=tuple(head.get("accounts", ())),
        holders={held.arn: held for held in holders},
        resources={thing.arn: thing for thing in things},
        paths=_paths(root),
        gaps=tuple(msgspec.convert(head.get("refused", []), list[Gap])),
    )


def _holder(held: Mapping[str, Any], managed: Mapping[str, Policy]) -> Holder:
    return Holder(
        arn=held["arn"], identity=files.policy_set(held["identity"], managed), boundary=files.policy_set(held["boundary"], managed)
    )


def _paths(root: Path) -> dict[tuple[str, str], LevelSet]:
    file = root / "organization" / "paths.json"
    if not file.is_file():
        return {}
    held = {one["target"]: one for one in map(files.load, sorted((root / "organization").glob("*.json"))) if "target" in one}
    found: dict[tuple[str, str], LevelSet] = {}
    for account, kinds in files.load(file).items():
        for kind, path in kinds.items():
            found[kind, account] = files.gap(path) if isinstance(path, Mapping) else tuple(_level(held, kind, target) for target in path)
    return found


def _level(held: Mapping[str, Any], kind: str, target: str) -> Level:
    one = held.get(target, {})
    policies = files.policy_set(one[kind], {}) if kind in one else gaps.organization(kind, target)
    return Level(target=target, name=one.get("name"), policies=policies if policies is not None else ())


def record(folder: str | os.PathLike[str], authorization_id: str) -> dict[str, Any] | None:
    """Give what AWS recorded of a denial, as an earlier run read it; `None` where the folder does not hold it."""
    file = Path(folder) / "authorization" / _file(authorization_id)
    return dict(files.load(file)) if file.is_file() else None


def write_record(folder: str | os.PathLike[str], authorization_id: str, found: Mapping[str, Any]) -> None:
    """Write what AWS recorded of a denial beside the rest."""
    files.save(Path(folder) / "authorization" / _file(authorization_id), dict(found))


def write(folder: str | os.PathLike[str], evidence: Evidence, requests: Sequence[Request], *, time: datetime | None = None) -> None:
    """Write evidence into a folder, beside what an earlier run wrote there; `requests[0]` is the call that it was collected for."""
    root, main = Path(folder), requests[0]
    who = Principal.parse(main.principal) if main.principal else None
    try:
        _write_holder(root, main, evidence)
        for thing in evidence.resources.values():
            _write_thing(root, thing)
        _write_levels(root, "scp", who.account if who else None, evidence.policies.scp)
        _write_levels(root, "rcp", complete(main, evidence).resource_account, evidence.policies.rcp)
        _write_head(root, evidence, time)
    except OSError as error:
        raise UndenyError(f"the snapshot `{root}` cannot be written: {error.strerror}", code="snapshot-unwritable") from error


def save(folder: str | os.PathLike[str], held: Snapshot) -> None:
    """Write a whole snapshot into a folder, beside what an earlier run wrote there."""
    root = Path(folder)
    try:
        for holder in held.holders.values():
            _write_policies(root, holder)
        for thing in held.resources.values():
            _write_thing(root, thing)
        for (kind, account), levels in held.paths.items():
            _write_levels(root, kind, account, levels)
        nothing = Policies(identity=None, boundary=None, session=None, endpoint=None, resource=None, scp=(), rcp=())
        whole = Evidence(policies=nothing, resources=held.resources, gaps=held.gaps, source=held.by or held.folder)
        _write_head(root, whole, held.time)
    except OSError as error:
        raise UndenyError(f"the snapshot `{root}` cannot be written: {error.strerror}", code="snapshot-unwritable") from error


def _write_head(root: Path, evidence: Evidence, time: datetime | None) -> None:
    file = root / "snapshot.json"
    old = files.load(file) if file.is_file() else {}
    accounts = {path.name for path in (root / "accounts").glob("*") if path.name.isdigit()}
    refused = [msgspec.to_builtins(gap) for gap in evidence.gaps]
    kept = [gap for gap in old.get("refused", []) if gap not in refused and not _filled(gap, evidence)]
    read_at = time or max((policy.read_at for policy in _documents(evidence) if policy.read_at is not None), default=None)
    files.save(
        file,
        {
            "schema": SCHEMA,
            "accounts": sorted(accounts),
            "organization": _organization(evidence) or old.get("organization"),
            "time": read_at.isoformat() if read_at else old.get("time"),
            "by": evidence.source,
            "refused": kept + refused,
        },
    )


def _filled(gap: Mapping[str, Any], evidence: Evidence) -> bool:
    return any(isinstance(one.policy, Policy) and gap["what"].endswith(f" of {arn}") for arn, one in evidence.resources.items())


def _organization(evidence: Evidence) -> Any:
    found = (thing.settings.get("Organization") for thing in evidence.resources.values())
    return next((one for one in found if one), None)


def _documents(evidence: Evidence) -> list[Policy]:
    sets = (evidence.policies.identity, evidence.policies.boundary)
    out = [policy for held in sets if isinstance(held, tuple) for policy in held]
    return out + [thing.policy for thing in evidence.resources.values() if isinstance(thing.policy, Policy)]


def _write_holder(root: Path, main: Request, evidence: Evidence) -> None:
    if main.principal is None or not identity_side(main.principal):
        return
    who = Principal.parse(main.principal)
    thing = find(evidence.resources, who.role_arn or who.text)
    arn = thing.arn if thing else who.role_arn or who.text
    _write_policies(root, Holder(arn=arn, identity=evidence.policies.identity, boundary=evidence.policies.boundary))


def _write_policies(root: Path, holder: Holder) -> None:
    for policies in (holder.identity, holder.boundary):
        for policy in policies if isinstance(policies, tuple) else ():
            if policy.arn is not None:
                place = Arn.parse(policy.arn)
                owner = place.account if place else "unknown"
                alone = msgspec.structs.replace(policy, attached_to=None)
                files.save(root / "accounts" / owner / "policies" / _file(policy.arn), files.write_policy(alone))
    data = {"arn": holder.arn, "identity": files.write_set(holder.identity), "boundary": files.write_set(holder.boundary)}
    account = Principal.parse(holder.arn).account or "unknown"
    files.save(root / "accounts" / account / "principals" / _file(holder.arn), data)


def _write_thing(root: Path, thing: Resource) -> None:
    arn = Arn.parse(thing.arn)
    if arn is None:
        return
    owner = arn.account or thing.settings.get("BucketAccountId") or "unknown"
    files.save(root / "accounts" / owner / "resources" / (arn.service_prefix or "other") / _file(thing.arn), files.write_resource(thing))


def _write_levels(root: Path, kind: str, account: str | None, levels: LevelSet) -> None:
    if account is None:
        return
    folder = root / "organization"
    paths = files.load(folder / "paths.json") if (folder / "paths.json").is_file() else {}
    told = files.write_gap(levels) if isinstance(levels, Gap) else [level.target for level in levels]
    if not (isinstance(levels, Gap) and isinstance(paths.get(account, {}).get(kind), list)):
        paths.setdefault(account, {})[kind] = told
    files.save(folder / "paths.json", paths)
    for level in () if isinstance(levels, Gap) else levels:
        file = folder / f"{level.target}.json"
        old = files.load(file) if file.is_file() else {}
        new = {"target": level.target, "name": level.name, kind: files.write_set(level.policies, inside=True)}
        files.save(file, old | new)


def _file(arn: str) -> str:
    """Name a file after the thing: its name where a file may be called so, with a few digits of its ARN's hash where not."""
    parsed = Arn.parse(arn)
    resource = parsed.resource if parsed else arn
    safe = "".join(character if character.isalnum() or character in "-_." else "." for character in resource)[:100]
    exact = safe == resource.replace("/", ".") and "." not in resource and safe.isascii()
    region = f"{parsed.region}." if parsed and parsed.region else ""
    return f"{region}{safe}.json" if exact else f"{region}{safe}.{hashlib.sha256(arn.encode()).hexdigest()[:8]}.json"
