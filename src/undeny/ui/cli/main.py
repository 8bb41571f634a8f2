"""The command: finds its commands in a folder, tells every failure in one way, explains whatever it is piped."""

import os
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from undeny import __version__, dropins
from undeny.errors import UndenyError

_PACKAGE = "undeny.ui.cli.commands"
_LINE = re.compile(r'^(HELP|GROUP) = "([^"]*)"', re.MULTILINE)
_WIDE = 17


@cache
def _said(module: str) -> dict[str, str]:
    """Read a command's `HELP` and `GROUP` lines from its source: the list of commands imports none of them."""
    return dict(_LINE.findall((dropins.folder_of(_PACKAGE) / f"{module}.py").read_text("utf-8")))


class Commands(click.Group):
    """The commands of the folder; only the one that runs is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the commands of the first block, in the order of a denial's life, then the others by name."""
        found = {name.removesuffix("_").replace("_", "-"): _said(name) for name in dropins.names(_PACKAGE)}
        return sorted(found, key=lambda name: (found[name].get("GROUP", "z"), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command; `None` where there is no such file."""
        module = cmd_name.replace("-", "_")
        module = next((name for name in (module, f"{module}_") if name in dropins.names(_PACKAGE)), "")
        return dropins.load(_PACKAGE, module).build() if module else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with one suggestion for a command that is not there."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            raise UndenyError(f"there is no command `{name}`", code="no-such-command", help=_suggestion(name, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the screen of the main commands, `help all` for the rest."""
        formatter.write("Usage: undeny COMMAND [OPTIONS] [SOURCE]      or      ... 2>&1 | undeny\n\n")
        formatter.write("Why an AWS call was denied, proven; the smallest safe change that lets it through; and whether it worked.\n\n")
        self.write_commands(ctx, formatter, first=True)
        formatter.write("\nSOURCE is text, a file (message, log, CloudTrail event, .json.gz, scenario), or the id of an explanation.\n")
        formatter.write("Without --live, --profile or --evidence nothing is asked of AWS. `undeny help all` shows all commands.\n")

    def write_commands(self, ctx: click.Context, formatter: click.HelpFormatter, *, first: bool) -> None:
        """Write one line a command: those of the first block, or those of the second."""
        for name in self.list_commands(ctx):
            said = _said(next(m for m in dropins.names(_PACKAGE) if m.removesuffix("_").replace("_", "-") == name))
            if ("GROUP" in said) is first:
                formatter.write(f"  {name:<{_WIDE}}{said.get('HELP', '')}\n")


def _suggestion(name: str, commands: Sequence[str]) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a wrong command

    close = get_close_matches(name, commands, n=1)
    tail = "`undeny --help` lists the commands; text to explain is quoted or piped: undeny explain '...'"
    return (f"did you mean `undeny {close[0]}`?", tail) if close else (tail,)


def cli() -> Commands:
    """Build the command."""
    group = Commands("undeny", invoke_without_command=True, callback=_bare, context_settings={"help_option_names": ["-h", "--help"]})
    group.params.append(
        click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say the version.")
    )
    group.params.append(click.Option(["--schema"], is_flag=True, is_eager=True, expose_value=False, callback=_schema, hidden=True))
    return group


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted:
        click.echo(f"undeny {__version__}")
        ctx.exit()


def _schema(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature
    if wanted:
        ctx.invoke(dropins.load(_PACKAGE, "help_").build(), topic="schema")
        ctx.exit()


def _bare() -> None:
    ctx = click.get_current_context()
    if ctx.invoked_subcommand is not None:
        return
    if sys.stdin is None or sys.stdin.isatty():
        click.echo(ctx.get_help())
        return
    ctx.invoke(dropins.load(_PACKAGE, "explain").build())


def main(args: Sequence[str] | None = None) -> None:
    """Run the command and exit with its status: 0 done, 1 does not hold, 2 wrong call, 3 AWS failed, 4 not enough evidence."""
    _open_closed_streams()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # the same kind of stream
    try:
        status = run(list(sys.argv[1:] if args is None else args))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except UndenyError as error:
        tell(error)
        sys.exit(error.exit_status)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        tell(_of_click(error))
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def run(args: list[str]) -> object:
    """Run one command and give what it returns; every failure is raised: click's own `main` turns a closed pipe into exit 1."""
    group = cli()
    with group.make_context("undeny", args) as ctx:
        return group.invoke(ctx)


def _open_closed_streams() -> None:
    """Give a stream that the caller closed (`>&-`) the null device: Python leaves `None` there."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - lives as long as the process


def tell(error: UndenyError, *, word: str = "error") -> None:
    """Print a failure on standard error: one line, then what to do."""
    click.echo(f"{click.style(word, fg='red' if word == 'error' else 'yellow', bold=True)}[{error.code}]: {error.message}", err=True)
    for line in error.help:
        click.echo(f"  = {line}", err=True)


def _of_click(error: click.ClickException) -> UndenyError:
    text = error.format_message().strip().rstrip(".") or "the call is wrong"
    ctx: Any = getattr(error, "ctx", None)
    where = f"{ctx.command_path} --help".replace("  ", " ") if ctx else "undeny --help"
    return UndenyError(text[:1].lower() + text[1:], code="usage", help=(f"`{where}` shows how it is called",))
