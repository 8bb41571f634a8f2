"""`undeny help`: the commands, one command, or the JSON schemas."""

from typing import Any

import click

from undeny.errors import UndenyError

HELP = "all commands (help all), one command, or the JSON schemas (help schema)"


def build() -> click.Command:
    """Build the command."""
    return click.Command("help", callback=_run, help=HELP, params=[click.Argument(["topic"], default="")])


def _run(topic: str) -> int:
    ctx = click.get_current_context()
    root: Any = ctx.find_root().command
    if topic == "schema":
        click.echo(_schema())
    elif topic == "all":
        formatter = click.HelpFormatter()
        root.write_commands(ctx, formatter, first=True)
        root.write_commands(ctx, formatter, first=False)
        click.echo(formatter.getvalue(), nl=False)
    elif topic:
        command = root.get_command(ctx, topic)
        if command is None:
            raise UndenyError(f"there is no command `{topic}`", code="no-such-command", help=("`undeny help all` lists them",))
        click.echo(command.get_help(click.Context(command, info_name=f"undeny {topic}")))
    else:
        click.echo(ctx.find_root().get_help())
    return 0


def _schema() -> str:
    import msgspec  # noqa: PLC0415 - only for the schemas

    from undeny.decide.model import Verdict  # noqa: PLC0415 - only for the schemas
    from undeny.denial.model import Denial  # noqa: PLC0415 - only for the schemas
    from undeny.pipeline import Explanation  # noqa: PLC0415 - only for the schemas

    (shapes, components) = msgspec.json.schema_components((Denial, Verdict, Explanation), ref_template="#/$defs/{name}")
    names = ("denial", "verdict", "explanation")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "undeny",
        "properties": dict(zip(names, shapes, strict=True)),
        "$defs": components,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
