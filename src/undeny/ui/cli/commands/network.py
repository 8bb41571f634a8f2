"""`undeny network`: the network path hop by hop."""

from pathlib import Path as File
from typing import Any

import click

from undeny.errors import UndenyError
from undeny.evidence.network import Network
from undeny.reach.model import Question, Reach
from undeny.ui.cli import options, output

HELP = "the network path hop by hop, and the rule that blocks it"
_EXIT = {"reachable": 0, "blocked": 1, "unknown": 4}


def build() -> click.Command:
    """Build the command."""
    arguments = (
        click.Option(
            ["--from", "source"],
            required=False,
            help="Where packets start: an instance, interface, subnet, function, task, node.",
            metavar="ID",
        ),
        click.Option(["--to"], required=False, help="What must answer: a service (s3, sts, ecr), HOST:PORT, or an id.", metavar="TARGET"),
        click.Option(["--port"], type=click.IntRange(1, 65535), help="The port, where TARGET names none.", metavar="PORT"),
        click.Option(["--source-port"], type=click.IntRange(1, 65535), help="The client's own port, where it is fixed.", metavar="PORT"),
        click.Option(["--protocol"], type=click.Choice(("tcp", "udp", "icmp", "icmpv6")), default="tcp", help="What is sent."),
        click.Option(["--ipv6"], is_flag=True, help="Over IPv6."),
        click.Option(["--resolve"], multiple=True, help="What a private name resolves to.", metavar="NAME=ADDRESS"),
        click.Option(["--principal"], help="Whose call it is, for an endpoint's policy.", metavar="ARN"),
        click.Option(["--action"], help="Which action, for an endpoint's policy.", metavar="ACTION"),
        click.Option(["--resource"], help="On what, for an endpoint's policy.", metavar="ARN"),
    )
    more = (
        click.Option(["--out"], type=click.Path(file_okay=False), help="Keep what was read in this snapshot folder.", metavar="DIR"),
        click.Option(["--plan", "reads"], is_flag=True, help="List what --live would read, and read nothing."),
        click.Option(["--analyzer"], is_flag=True, help="Ask Reachability Analyzer too: AWS charges for it, and it writes a path."),
        click.Option(["--yes"], is_flag=True, help="Do not ask before --analyzer."),
        click.Option(["--verbose"], is_flag=True, help="Draw every way."),
    )
    text = (
        "Walk the network path from a resource to a destination over what AWS's settings say: no packet is sent. Exit status 0: open, "
        "1: blocked, 4: not known."
    )
    return options.command("network", _run, text, arguments, options.evidence(), more, options.form("text", "json", "html"))


def _run(*, source: str | None, to: str | None, reads: bool, form: str, **told: Any) -> int:
    if reads:
        return _show_reads(source)
    _usage(source, to, told)
    question = Question(
        source=source or "",
        to=to or "",
        port=told["port"],
        protocol=told["protocol"],
        source_port=told["source_port"],
        ipv6=told["ipv6"],
        region=told["region"],
        resolve=_resolved(told["resolve"]),
        principal=told["principal"],
        action=told["action"],
        resource=told["resource"],
        networks=networks(source, told),
    )
    if told["out"]:
        _keep(told["out"], question.networks)
    from undeny.reach import reach  # noqa: PLC0415 - the walk is loaded only when something was read

    found = reach(question)
    compared = _analyzed(question, found, told) if told["analyzer"] else None
    _tell(found, question, form, compared, full=told["verbose"])
    return _EXIT[found.verdict]


def _usage(source: str | None, to: str | None, told: dict[str, Any]) -> None:
    for name, value in (("--from", source), ("--to", to)):
        if not value:
            raise UndenyError(f"{name} is missing", code="usage", help=("undeny network --from i-0abc12 --to s3 --live",))
    if not (told["evidence"] or told["live"] or told["profile"]):
        raise UndenyError(
            "nothing is asked of AWS unasked, and no evidence was given", code="usage",
            help=("add --live or --profile NAME to read the network, or --evidence DIR; --plan lists what would be read",), exit_status=4,
        )  # fmt: skip


def _resolved(pairs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    from undeny.reach import addresses  # noqa: PLC0415 - only where a name is given

    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not addresses.read([value]):
            raise UndenyError(f"`--resolve {pair}` is not NAME=ADDRESS", code="usage", help=("as in --resolve db.internal=10.0.3.7",))
        found.setdefault(name.lower(), []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def networks(source: str | None, told: dict[str, Any]) -> tuple[Network, ...]:
    """Read the networks from a snapshot, or from AWS with each profile."""
    known = options.opened(told["evidence"], told["live"], told["profile"], told["region"])
    if isinstance(known, str):
        from undeny.evidence import network  # noqa: PLC0415 - only where a snapshot is read

        found = network.read(File(known))
        if not found:
            raise UndenyError(
                f"`{known}` holds no network", code="no-network", exit_status=4 if File(known).is_dir() else 2,
                help=("undeny network --from ID --to s3 --live --out DIR keeps what it reads",),
            )  # fmt: skip
        return found
    from undeny.aws import network as reading  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    return tuple(reading.network(session, told["region"], source) for session in known)


def _keep(folder: str, held: tuple[Network, ...]) -> None:
    from undeny.evidence import network  # noqa: PLC0415 - only where a snapshot is written

    network.write(File(folder), held)


def _show_reads(source: str | None) -> int:
    from undeny.aws import network as reading  # noqa: PLC0415 - boto3 is loaded only when AWS is concerned

    for read in reading.plan(source):
        click.echo(read.text)
    return 0


def _tell(found: Reach, question: Question, form: str, compared: dict[str, Any] | None, *, full: bool) -> None:
    if form == "json":
        from undeny.reach.data import as_data  # noqa: PLC0415 - only for JSON

        output.json(as_data(found, compared))
        return
    where = ", ".join(f"{one.account} {one.region}" for one in question.networks)
    times = {one.read_at.strftime("%Y-%m-%d %H:%M UTC") for one in question.networks if one.read_at}
    told = f"read of {where}" + (f" at {min(times)}" if times else "")
    if form == "html":
        from undeny.emit.report import network_html  # noqa: PLC0415 - only where it is asked for

        click.echo(network_html.html(found, told), nl=False)
        return
    from undeny.emit.report import network_page  # noqa: PLC0415 - only where it is drawn

    output.show(network_page.NetworkScreen(found, read_from=told, full=full, analyzer=compared))


def _analyzed(question: Question, found: Reach, told: dict[str, Any]) -> dict[str, Any]:
    """Ask Reachability Analyzer, after asking the person: it is charged, and it writes."""
    path = found.paths[0]
    if path.source.interface is None:
        raise UndenyError("Reachability Analyzer needs an interface to start from", code="usage", help=("give --from eni-...",))
    wanted: dict[str, Any] = {"Source": path.source.interface, "Protocol": question.protocol}
    last = path.via.rpartition("→")[2].strip()
    if last.startswith(("igw-", "vpce-", "eni-", "tgw-", "pcx-")):
        wanted["Destination"] = last
    elif path.destination.ranges and path.destination.ranges[0].num_addresses == 1:
        wanted["DestinationIp"] = str(path.destination.ranges[0].network_address)
    else:
        raise UndenyError("Reachability Analyzer needs an address or a gateway to end at", code="usage", help=("give --to ADDRESS:PORT",))
    if path.destination.port:
        wanted["DestinationPort"] = path.destination.port
    if not told["yes"]:
        if not options.interactive():
            raise UndenyError(
                "--analyzer is charged by AWS and writes a path into the account", code="not-asked", help=("add --yes to have it done",)
            )
        click.confirm(
            "Reachability Analyzer is charged by AWS and writes a path and an analysis, both deleted again. Ask it?", abort=True, err=True
        )
    from undeny.aws import analyzer  # noqa: PLC0415 - boto3 is loaded only when AWS is to be asked

    session = options.sessions(told["profile"], told["region"])[0]
    answer = analyzer.analyze(session, question.networks[0].region, wanted)
    known = {answer["verdict"], found.verdict} <= {"reachable", "blocked"}
    return {**answer, "agrees": answer["verdict"] == found.verdict if known else None}
