"""`undeny compare`: why the same call works in A and fails in B."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from undeny import calls
from undeny.calls.model import Given
from undeny.decide.model import LAYERS, StatementResult
from undeny.denial.model import Denial
from undeny.errors import UndenyError
from undeny.evidence import scenario, strict
from undeny.iam.principal import Principal
from undeny.prove.comparing import Comparison, Difference, Witness, compare
from undeny.prove.comparing.model import Side
from undeny.prove.comparing.naming import Swap
from undeny.ui.cli import options, output

HELP = "why the same call works in A and fails in B"


def build() -> click.Command:
    """Build the command."""
    arguments = (click.Argument(["a"]), click.Argument(["b"]))
    text = (
        "Compare one call in A and in B: scenario files, or snapshot folders with --principal, --action and --resource. Accounts, and the "
        "names of the call's own role and thing, are mapped first. Exit status 0: both decide alike, 1: they differ, 4: not known."
    )
    return options.command("compare", _run, text, arguments, options.told(), options.form("text", "json"))


def _run(  # noqa: PLR0913 - the command's own options
    *, a: str, b: str, principal: str | None, action: str | None, resource: str | None, context: tuple[str, ...], form: str
) -> int:
    given = options.given(principal, action, resource, context)
    found = compare(_side(a, given), _side(b, given))
    if form == "json":
        output.json(found)
    else:
        output.show(*_lines(found))
    return {True: 0, False: 1, None: 4}[found.alike]


def _side(path: str, given: Given) -> Side | scenario.Scenario:
    if Path(path).is_dir():
        return _of_snapshot(path, given)
    if any((given.principal, given.action, given.resource, given.context)):
        raise UndenyError(
            f"`{path}` is a scenario and names its own call", code="usage", help=("--principal and the like are for snapshot folders",)
        )
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8-sig")
        value = strict.loads(text)
    except OSError as error:
        raise UndenyError(
            f"`{path}` cannot be read: {(error.strerror or 'unreadable').lower()}",
            code="no-such-file",
            help=("give a scenario or a snapshot",),
        ) from error
    except (ValueError, RecursionError) as error:
        raise UndenyError(
            f"`{path}` is no scenario: it is no JSON", code="bad-scenario", help=("a scenario is an object with `request` and `policies`",)
        ) from error
    return _of_mapping(path, value)


def _of_mapping(path: str, value: Any) -> scenario.Scenario:
    if not isinstance(value, dict) or not isinstance(value.get("policies"), dict):
        raise UndenyError(
            f"`{path}` is no scenario: it has no `policies`",
            code="bad-scenario",
            help=("a scenario is an object with `request` and `policies`",),
        )
    return scenario.read(value)


def _of_snapshot(folder: str, given: Given) -> Side:
    from undeny.evidence import complete, snapshot  # noqa: PLC0415 - only where a snapshot is read

    if given.principal is None or given.action is None:
        raise UndenyError("a snapshot holds no call", code="usage", help=("give --principal, --action and --resource",))
    held = snapshot.read(folder)
    request = calls.requests_of(Denial(), _in(held, given))[0]
    evidence = held.evidence_for(request)
    return Side(request=complete(request, evidence), evidence=evidence)


def _in(held: Any, given: Given) -> Given:
    """Give the call as this snapshot's account makes it: where only the account differs, the snapshot's own role or user is meant."""
    who = Principal.parse(given.principal or "")
    if who.account is None or held.holder(who.text) is not None:
        return given
    same = {one.account for one in map(Principal.parse, held.holders) if one.name == who.name and one.account}
    if len(same) != 1:
        return given
    own = Swap(texts=((who.account, same.pop()),))
    texts = {name: own.text(value) for name in ("principal", "resource") if (value := getattr(given, name)) is not None}
    return msgspec.structs.replace(given, **texts)


def _lines(found: Comparison) -> Iterator[Any]:
    word, style = {True: ("alike", "green"), False: ("differs", "red"), None: ("unknown", "yellow")}[found.alike]
    where = f"[{found.layer}]" if found.layer and found.alike is False else ""
    yield Text.assemble((f"{word}{where}", f"bold {style}"), f": {found.summary}")
    for one in found.differences:
        yield from _difference(one, found)
    for need in found.needs:
        yield Text(f"  to settle it: {need}", style="yellow")
    if found.undecided:
        yield Text(f"neither shown to be the same nor told apart by any request: {', '.join(found.undecided)}", style="yellow")
    if found.looks_different:
        yield Text(f"looks different and means the same: {', '.join(found.looks_different)}", style="dim")
    if found.mapped:
        yield Text(f"taken for the same: {', '.join(f'{one.a} = {one.b}' for one in found.mapped)}", style="dim")


def _difference(one: Difference, found: Comparison) -> Iterator[Any]:
    if not one.decides and one.layer in ("context", "setting", "call"):
        return
    if not one.decides:
        yield Text(f"\ndiffers too, and does not decide this call: {one.what}")
    elif sum(each.decides for each in found.differences) > 1:
        yield Text(f"\ndecides: {one.what}")
    rows = Table.grid(padding=(0, 1))
    for name, statements, place, value in (
        ("A", one.statements_a, one.place_a, one.value_a),
        ("B", one.statements_b, one.place_b, one.value_b),
    ):
        if one.layer in ("context", "setting", "call"):
            rows.add_row(f"  {name}", Text(_value(value)))
        elif one.decides:
            rows.add_row(f"  {name}", Text(_spoken(statements, place)))
        if one.witness is not None:
            rows.add_row("", _witness(one.layer, one.witness, name))
    yield rows


def _spoken(statements: tuple[StatementResult, ...], place: str | None) -> str:
    where = f"{place}: " if place else ""
    for each in statements:
        sid = f' "{each.sid}"' if each.sid else ""
        return f"{where}{each.policy or 'policy'}, statement {each.index + 1}{sid} ({each.effect}): {each.why}"
    return f"{where}no statement there speaks on it"


def _value(value: Any) -> str:
    if value is None:
        return "absent"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _witness(layer: str, seen: Witness, name: str) -> Text:
    request, alone, whole = (seen.request_a, seen.a, seen.call_a) if name == "A" else (seen.request_b, seen.b, seen.call_b)
    told = f"{request['action']} on {request['resource']} by {request['principal']}"
    keys = {key: value for key, value in request["context"].items() if value is not None} if seen.found != "call" else {}
    given = f" with {', '.join(f'{key}={_value(value)}' for key, value in keys.items())}" if keys else ""
    own = f"{alone.replace('_', ' ')} there, " if layer in LAYERS and alone != whole else ""
    return Text(f"witness in {name}: {told}{given}: {own}{whole.replace('_', ' ')}", style="dim")
