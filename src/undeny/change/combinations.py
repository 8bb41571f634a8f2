"""The denied call for each account, Region and role that it may come from: a cell each, with its own verdict and its own cause."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from undeny.aws import session as sessions
from undeny.calls.model import Request
from undeny.change.carrying import Way
from undeny.change.model import Record, Verification
from undeny.change.verifying import ATTEMPTS, verify
from undeny.errors import UndenyError
from undeny.evidence import scenario
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

WINDOW = sum(ATTEMPTS)
"""Seconds after the last write in which a refusal may still be the change on its way."""
MOST = 400
"""Cells of one matrix: each is some twenty reads."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One combination with what came of it."""

    account: str
    region: str
    principal: str
    resource: str
    verification: Verification


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """All cells, in the order of accounts, roles and Regions."""

    action: str
    cells: tuple[Cell, ...]

    @property
    def denied(self) -> tuple[Cell, ...]:
        """The cells that are still denied."""
        return tuple(cell for cell in self.cells if cell.verification.verified == "denied")

    @property
    def verified(self) -> str:
        """The worst of all cells: `denied`, then `unknown`, then `not_checked`, then `allowed`."""
        found = {cell.verification.verified for cell in self.cells}
        return next(word for word in ("denied", "unknown", "not_checked", "allowed") if word in found)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a matrix is made over: sessions that read, one for each account; sessions of callers; Regions; roles by name or ARN.

    Where no Region or role is given, it is the call's own, and of roles those too that have the policy that was changed. `each_account`:
    the same call in each reader's account; else the readers are of the two sides of one call.
    """

    readers: Sequence[Any]
    callers: Sequence[Any] = ()
    regions: Sequence[str] = ()
    principals: Sequence[str] = ()
    each_account: bool = False


def request_of(record: Record) -> Request:
    """Give the call that a change is for. Raises `UndenyError` where the journal does not say."""
    found = scenario.read(record.scenario).request if record.scenario is not None else None
    if found is None:
        raise UndenyError(f"change `{record.id}` does not say which call it is for", code="no-call", exit_status=4)
    return found


def matrix(request: Request, asked: Asked, *, record: Record | None = None, way: Way) -> Matrix:
    """Verify a call over all combinations. A refusal is tried again for a minute only where the change is that young."""
    accounts = {sessions.identity(one).account: one for one in asked.readers}
    callers = {_holder(sessions.identity(one).arn): one for one in asked.callers}
    wanted = [
        (account, moved(request, account, principal, region))
        for account, principal in _principals(request, asked, accounts, record)
        for region in asked.regions or (None,)
    ]
    if len(wanted) > MOST:
        raise UndenyError(f"{len(wanted)} combinations are more than {MOST}", help=("verify fewer at once",), code="too-many")
    young, cells = _young(record, way), []
    for account, one in wanted:
        own = [accounts[account]] if account in accounts else []
        readers = (*own, *(held for number, held in accounts.items() if number != account and _concerned(one, number)))
        caller = callers.get(_holder(one.principal or ""))
        pauses = ATTEMPTS if young else ()
        found = verify(
            one, readers or tuple(asked.readers), caller=caller, wait=way.wait, clock=way.clock, jitter=way.jitter, pauses=pauses
        )
        young = young and found.verified != "denied"  # the minute was waited for once
        cells.append(_cell(account, one, found))
    return Matrix(action=request.action, cells=tuple(cells))


def moved(request: Request, account: str, principal: str, region: str | None) -> Request:
    """Give the same call from another account, role or Region: what was the caller's own is the other account's own then."""
    own = Principal.parse(request.principal or "").account
    arn, context = Arn.parse(request.resource), dict(request.context)
    told: dict[str, Any] = {"principal": principal}
    if arn is not None:
        there = account if arn.account == own else arn.account
        place = region if region and arn.region else arn.region
        told["resource"] = str(msgspec.structs.replace(arn, account=there, region=place))
    if request.resource_account == own:
        told["resource_account"] = account
    if region:
        key = next((name for name in context if name.lower() == "aws:requestedregion"), "aws:RequestedRegion")
        context[key] = region
    if account != own or principal != request.principal:
        context = {key: value for key, value in context.items() if not key.lower().startswith(_OWN)}
    return msgspec.structs.replace(request, context=context, **told)


_OWN = ("aws:principal", "aws:userid", "aws:username", "aws:sourceidentity")
"""Keys that speak of the one caller whose call was refused: another's are read afresh."""


def region_of(request: Request) -> str | None:
    """Give the Region that a call goes to, as far as it says."""
    arn = Arn.parse(request.resource)
    told = next((value for key, value in request.context.items() if key.lower() == "aws:requestedregion"), None)
    return (told if isinstance(told, str) else None) or (arn.region if arn and arn.region else None)


def _principals(request: Request, asked: Asked, accounts: Mapping[str, Any], record: Record | None) -> Iterator[tuple[str, str]]:
    own = Principal.parse(request.principal or "")
    here = own.account or next(iter(accounts), "")
    homes = tuple(accounts) if asked.each_account else (here,)
    named = tuple(dict.fromkeys(asked.principals)) or _roles(request, record)
    for account in homes:
        for name in named:
            if not name.startswith("arn:"):
                yield account, _named(request.principal or "", name, account)
            elif account == homes[0]:
                yield Principal.parse(name).account or account, name


def _roles(request: Request, record: Record | None) -> tuple[str, ...]:
    """Give the caller's own name, and the names of the other roles that have the policy which was changed."""
    own = (Principal.parse(request.principal or "").name or "").rpartition("/")[2]
    shared = [str(one) for meant in record.meant for one in (meant.standing or {}).get("shared", ())] if record is not None else []
    others = [name for kind, _, name in (one.partition(" ") for one in shared) if kind == "role"]
    is_role = Principal.parse(request.principal or "").kind in ("role", "role_session")
    names = tuple(dict.fromkeys((own, *(others if is_role else ()))))
    return names if own else (request.principal or "",)


def _named(principal: str, name: str, account: str) -> str:
    """Give the ARN of a role or user of that name, as the call's own is written where it is the same one."""
    who = Principal.parse(principal)
    own = (who.name or "").rpartition("/")[2]
    if name == own and account == who.account:
        return principal
    kind = "user" if who.kind == "user" else "role"
    resource = f"{kind}/{name if name != own or who.kind == 'role_session' else who.name}"
    return str(Arn(partition=who.partition or "aws", service_prefix="iam", region="", account=account, resource=resource))


def _concerned(request: Request, account: str) -> bool:
    return account in (request.resource_account, Principal.parse(request.principal or "").account) or request.resource_account is None


def _holder(arn: str) -> tuple[str | None, str]:
    who = Principal.parse(arn)
    return who.account, (who.name or "").rpartition("/")[2]


def _cell(account: str, request: Request, found: Verification) -> Cell:
    region = region_of(request) or "everywhere"
    return Cell(account=account, region=region, principal=request.principal or "", resource=request.resource, verification=found)


def _young(record: Record | None, way: Way) -> bool:
    """Whether the last write of a change is so young that a refusal may be the change on its way."""
    times = [done.finished_at for done in record.steps if done.finished_at is not None] if record is not None else []
    now = way.clock() if way.clock is not None else datetime.now(UTC)
    return bool(times) and (now - max(times)).total_seconds() < WINDOW
