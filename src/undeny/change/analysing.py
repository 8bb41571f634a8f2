"""What IAM Access Analyzer says of a change: each new document, and who from outside gets at the things touched, before it and after."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from undeny.aws import accessanalyzer as analyzer
from undeny.aws import session as sessions
from undeny.aws.accessanalyzer import Checked, Finding, Remark
from undeny.change.model import Meant, Record
from undeny.change.store import Store
from undeny.errors import UndenyError
from undeny.iam.arn import Arn
from undeny.iam.write import dump

if TYPE_CHECKING:
    from undeny.change.carrying import Way

LOOKS = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between asking whether the analyzer has looked: 30 in all."""
CHARGED = "its custom policy checks may be charged by the request (https://aws.amazon.com/iam/access-analyzer/pricing/)"
OFF = (
    "IAM Access Analyzer is not on in {region}: no findings to compare (it is switched on with `aws accessanalyzer create-analyzer"
    " --analyzer-name undeny --type ACCOUNT`)"
)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What ValidatePolicy said of one document; `remarks` is `None` where it did not answer, and `why` says why."""

    title: str
    remarks: tuple[Remark, ...] | None
    why: str | None = None


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `new` are findings that were not there before; `before` is false where nobody looked before, and all are listed.

    `notes` say what was not looked at, and why.
    """

    enabled: bool | None
    validated: tuple[Said, ...] = ()
    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    standing: tuple[Finding, ...] = ()
    checks: tuple[Checked, ...] = ()
    before: bool = False
    notes: tuple[str, ...] = ()

    @property
    def alarming(self) -> bool:
        """Whether something is new that nobody asked for, or a document is in error."""
        errors = any(remark.kind == "ERROR" for said in self.validated for remark in said.remarks or ())
        return bool(self.new) or errors or any(check.holds is False for check in self.checks if check.check == "no-public-access")


def before(record: Record, session: sessions.Session, store: Store, way: "Way") -> None:
    """Keep what the analyzer finds of the things before anything is written; once, also where the change is gone on with."""
    if not way.analyze or record.analysis is not None:
        return
    found: dict[str, Any] = {}
    for resource, region in _things(record):
        try:
            where = analyzer.analyzer(session, region)
            if where is not None:
                found[resource] = [msgspec.to_builtins(one) for one in analyzer.findings(session, region, where, resource)]
        except UndenyError:
            continue  # it is told afterwards that nobody looked before
    store.put_aside(record.id, "analysis", found)


def after(record: Record, session: sessions.Session, way: "Way") -> Analysis | None:
    """Ask the analyzer again: `None` where it is not to be asked."""
    if not way.analyze:
        return None
    notes: list[str] = []
    validated = tuple(_validated(record, session))
    enabled, now, seen = _found(record, session, way, notes)
    checks = tuple(_checks(record, session)) if way.aws_checks else ()
    if not way.aws_checks:
        notes.append("not asked: IAM Access Analyzer's custom policy checks (--aws-checks; they may be charged)")
    known = {_mark(one) for one in _known(record)}
    looked = all(resource in (record.analysis or {}) for resource in seen)
    marks = {_mark(one) for one in now}
    return Analysis(
        enabled=enabled,
        validated=validated,
        new=tuple(one for one in now if _mark(one) not in known) if looked else (),
        gone=tuple(one for one in _known(record) if _mark(one) not in marks and one.resource in seen),
        standing=tuple(one for one in now if _mark(one) in known or not looked),
        checks=checks,
        before=looked and bool(seen),
        notes=tuple(dict.fromkeys(notes)),
    )


def _found(record: Record, session: sessions.Session, way: "Way", notes: list[str]) -> tuple[bool | None, list[Finding], list[str]]:
    enabled: bool | None = None
    now: list[Finding] = []
    seen: list[str] = []
    for resource, region in _things(record):
        try:
            where = analyzer.analyzer(session, region)
            enabled = where is not None or bool(enabled)
            if where is None:
                notes.append(OFF.format(region=region or sessions.identity(session).region or "this Region"))
                continue
            if not _scanned(session, region, where, resource, way):
                notes.append(f"the analyzer had not looked at {resource} again within 30 seconds: what it finds may be from before")
            now += analyzer.findings(session, region, where, resource)
            seen.append(resource)
        except UndenyError as error:
            notes.append(error.message)
    if not list(_things(record)):
        notes.append("nothing was changed whose findings IAM Access Analyzer keeps: it looks at resources' own policies")
    return enabled, now, seen


def _scanned(session: sessions.Session, region: str | None, where: str, resource: str, way: "Way") -> bool:
    """Have it look at a thing, and wait until it has."""
    last = analyzer.looked_at(session, region, where, resource)
    analyzer.scan(session, region, where, resource)
    for pause in (*LOOKS, None):
        if analyzer.looked_at(session, region, where, resource) != last:
            return True
        if pause is not None:
            way.wait(pause)
    return False


def _things(record: Record) -> Iterator[tuple[str, str | None]]:
    """Give the things with a policy of their own that the change writes, each with its Region."""
    told: dict[str, str | None] = {}
    for meant in record.meant:
        target = str(meant.edit.get("target") or "")
        if meant.standing is not None and analyzer.scanned(target) and _resource(meant.edit):
            arn = Arn.parse(target)
            told[target] = arn.region or None if arn else None
    yield from told.items()


def _resource(edit: Mapping[str, Any]) -> bool:
    return edit.get("layer") == "resource" or edit.get("kind") == "setting"


def _known(record: Record) -> list[Finding]:
    return [msgspec.convert(one, Finding) for held in (record.analysis or {}).values() for one in held]


def _mark(one: Finding) -> tuple[Any, ...]:
    """Name a finding by what it says: AWS gives the same access another id once it was resolved in between."""
    return one.resource, one.public, tuple(sorted(one.principal.items())), tuple(sorted(one.actions))


def _documents(record: Record) -> Iterator[tuple[Meant, str]]:
    for meant in record.meant:
        if meant.standing is not None and meant.edit.get("kind") == "policy" and meant.after is not None:
            yield meant, meant.after


def _region(meant: Meant) -> str | None:
    arn = Arn.parse(str(meant.edit.get("target") or ""))
    return arn.region or None if arn else None


def _validated(record: Record, session: sessions.Session) -> Iterator[Said]:
    for meant, text in _documents(record):
        try:
            told = analyzer.validate(session, _region(meant), text, str(meant.edit["layer"]), str(meant.edit["target"]))
            yield Said(title=meant.title, remarks=told)
        except UndenyError as error:
            yield Said(title=meant.title, remarks=None, why=error.message)


def _checks(record: Record, session: sessions.Session) -> Iterator[Checked]:
    for meant, text in _documents(record):
        layer, old = str(meant.edit["layer"]), meant.edit.get("before")
        if layer not in ("scp", "rcp"):
            nothing = {"Version": "2012-10-17", "Statement": []}
            try:
                holds, why = analyzer.no_new_access(session, _region(meant), dump(old or nothing), text, layer)
                yield Checked(check="no-new-access", title=meant.title, holds=holds, why=why)
            except UndenyError as error:
                yield Checked(check="no-new-access", title=meant.title, holds=None, why=error.message)
        if layer == "resource":
            try:
                told = analyzer.no_public_access(session, _region(meant), text, str(meant.edit["target"]))
            except UndenyError as error:
                yield Checked(check="no-public-access", title=meant.title, holds=None, why=error.message)
                continue
            if told is not None:
                yield Checked(check="no-public-access", title=meant.title, holds=told[0], why=told[1])
