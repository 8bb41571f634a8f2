"""Which names of A stand for which of B: accounts, the call's own role and thing, identifiers that AWS makes up. A swap undoes itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from undeny.calls.model import Request
from undeny.evidence import scenario
from undeny.evidence.scenario import Scenario
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal
from undeny.prove.comparing.model import Mapped, Side

_ID_KEYS = ("aws:sourcevpce", "aws:sourcevpc", "aws:principalorgid", "aws:resourceorgid")
"""Condition keys whose values AWS makes up: they differ between accounts though everything is set up alike."""


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """Names of A and B in each other's place. `tails` are resource parts by service: `("s3", "logs-dev", "logs-prod")`."""

    texts: tuple[tuple[str, str], ...] = ()
    tails: tuple[tuple[str, str, str], ...] = ()
    mapped: tuple[Mapped, ...] = ()

    def text(self, value: str) -> str:
        """Swap the names in a text."""
        arn = Arn.parse(value) if self.tails else None
        if arn is not None:
            value = str(msgspec.structs.replace(arn, resource=self._tail(arn)))
        if not self.texts:
            return value
        table = dict(self.texts) | {b: a for a, b in self.texts}
        pattern = "|".join(re.escape(one) for one in sorted(table, key=len, reverse=True))
        return re.sub(rf"(?<![0-9a-zA-Z])(?:{pattern})(?![0-9a-zA-Z])", lambda found: table[found.group()], value)

    def _tail(self, arn: Arn) -> str:
        for service, a, b in self.tails:
            for old, new in ((a, b), (b, a)):
                rest = arn.resource.removeprefix(old)
                ends = not rest or not (rest[0].isalnum() or rest[0] in "-_.")
                if arn.service_prefix == service and arn.resource.startswith(old) and ends:
                    return new + rest
        return arn.resource

    def anything(self, value: Any) -> Any:
        """Swap the names in every text of a JSON value, names of fields too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.anything(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.anything(one) for one in value]
        return value

    def request(self, request: Request) -> Request:
        """Give a request as the other side would make it."""
        read = scenario.read({"request": self.anything(scenario.write_request(request))}).request
        return read if read is not None else request

    def side(self, side: Side) -> Side:
        """Give a side with the names of the other."""
        if not self.mapped:
            return side
        held = scenario.read(self.anything(scenario.write(Scenario(request=side.request, evidence=side.evidence))))
        return Side(request=held.request or side.request, evidence=held.evidence)


def swap(a: Side, b: Side, behind_a: Sequence[Request] = (), behind_b: Sequence[Request] = ()) -> Swap:
    """Find what the names of A are in B; `behind` are the requests behind each call, whose things are paired where they run alike."""
    accounts = tuple(_accounts(a.request, b.request))
    ids = tuple(_ids(a, b))
    tails = list(_principals(a.request, b.request))
    pairs = [(a.request, b.request)]
    if [one.action for one in behind_a] == [one.action for one in behind_b]:
        pairs += list(zip(behind_a, behind_b, strict=True))
    for one, other in pairs:
        tails += _things(one.resource, other.resource)
    tails = list(dict.fromkeys(tails))
    named = tuple(Mapped(kind="name", a=x, b=y) for service, x, y in tails if service != "sts")
    return Swap(
        texts=accounts + ids,
        tails=tuple(tails),
        mapped=tuple(Mapped(kind="account", a=x, b=y) for x, y in accounts) + named + tuple(Mapped(kind="id", a=x, b=y) for x, y in ids),
    )


def _accounts(a: Request, b: Request) -> Iterator[tuple[str, str]]:
    """Pair the callers' accounts, then the things'; an account that is paired already is not paired again."""
    seen: set[str] = set()
    for one, other in ((_account(a), _account(b)), (a.resource_account, b.resource_account)):
        if one and other and not seen & {one, other}:
            seen |= {one, other}
            if one != other:
                yield one, other


def _account(request: Request) -> str | None:
    return Principal.parse(request.principal).account if request.principal else None


def _principals(a: Request, b: Request) -> Iterator[tuple[str, str, str]]:
    one, other = (Principal.parse(request.principal or "") for request in (a, b))
    if one.kind != other.kind or not one.name or not other.name:
        return
    if one.kind == "role_session" and (one.name, one.session_name) != (other.name, other.session_name):
        yield "sts", f"assumed-role/{one.name}/{one.session_name}", f"assumed-role/{other.name}/{other.session_name}"
    if one.name == other.name:
        return
    if one.kind == "role_session":
        yield "sts", f"assumed-role/{one.name}", f"assumed-role/{other.name}"
    if one.kind in ("role", "role_session"):
        yield "iam", f"role/{one.name}", f"role/{other.name}"
    if one.kind == "user":
        yield "iam", f"user/{one.name}", f"user/{other.name}"


def _things(a: str, b: str) -> Iterator[tuple[str, str, str]]:
    one, other = Arn.parse(a), Arn.parse(b)
    if one is None or other is None or one.service_prefix != other.service_prefix:
        return
    mine, theirs = (_name(arn) for arn in (one, other))
    alike = one.resource_type == other.resource_type or (one.service_prefix == "s3" and not one.account and not other.account)
    if alike and mine != theirs and not {"*", "?"} & set(mine + theirs):
        yield one.service_prefix, mine, theirs


def _name(arn: Arn) -> str:
    """Give the part of a thing's ARN that names it: a bucket without the object's key, else the whole resource part."""
    return arn.bucket if arn.service_prefix == "s3" and not arn.account else arn.resource


def _ids(a: Side, b: Side) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    pairs = [(_value(a.request, key), _value(b.request, key)) for key in _ID_KEYS] + [(_organization(a), _organization(b))]
    for one, other in pairs:
        if isinstance(one, str) and isinstance(other, str) and one != other and not seen & {one, other}:
            seen |= {one, other}
            yield one, other


def _value(request: Request, key: str) -> Any:
    return next((value for name, value in request.context.items() if name.lower() == key), None)


def _organization(side: Side) -> str | None:
    held = (thing.settings.get("Organization") for thing in side.evidence.resources.values())
    return next((one.get("Id") for one in held if isinstance(one, Mapping)), None)
