"""The walk that `undeny demo` shows: each story is denied for real over HTTP, and mended with the commands that a user would type."""

import contextlib
import os
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from undeny.errors import UndenyError
from undeny.lab import Lab, worlds
from undeny.lab.worlds import Story
from undeny.ui.cli import output, saved
from undeny.ui.cli.main import cli

_KEYS = {
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
    "AWS_SESSION_TOKEN": "aws_session_token",
}
_CLEARED = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a story went: each step's name, and whether it went as it must."""

    title: str
    steps: tuple[tuple[str, bool], ...]

    @property
    def good(self) -> bool:
        """Whether every step went as it must."""
        return all(held for _, held in self.steps)


def walk(pause: Callable[[], None] = lambda: None) -> tuple[Outcome, ...]:
    """Start the lab and play every story; `pause` is called between them."""
    with Lab() as lab, tempfile.TemporaryDirectory(prefix="undeny-demo-") as folder:
        outcomes: list[Outcome] = []
        for world in worlds.load_all():
            _title(f"{len(outcomes) + 1}. {world.TITLE}", world.TEXT)
            outcomes.append(_play(lab, world.seed(lab), Path(folder) / f"story-{len(outcomes) + 1}"))
            pause()
        return tuple(outcomes)


def _play(lab: Lab, story: Story, folder: Path) -> Outcome:
    folder.mkdir()
    steps: list[tuple[str, bool]] = []
    with _world(lab, story, folder):
        steps.append(("denied", not _call(story.code, story.call)))
        steps.append(("explained", _undeny("explain", *_seen(lab, story), *_profiles("reader", story.readers)) == 0))
        if story.mended is not None and story.mended_code is not None:
            steps.append(("allowed with the call that fix 1 asks for", _call(story.mended_code, story.mended)))
            steps.append(("denied as before without it", not _call(story.code, story.call)))
        else:
            steps += _mend(story, saved.last_explanation())
    return Outcome(title=story.title, steps=tuple(steps))


def _mend(story: Story, explanation: str) -> Iterator[tuple[str, bool]]:
    changes = []
    for account in story.owners:
        alone = ("--caller", "caller") if len(story.owners) == 1 else ()
        applied = _undeny("apply", explanation, "--profile", f"owner-{account}", "--yes", *alone) == 0
        yield f"applied in {account}", applied
        if applied:
            changes.append((account, saved.store().change().id))
    yield "allowed", _call(story.code, story.call)
    yield "verified", _undeny("verify", *_profiles("reader", story.readers), "--caller", "caller") == 0
    for account, change in reversed(changes):
        yield f"rolled back in {account}", _undeny("rollback", change, "--profile", f"owner-{account}", "--yes") == 0
    yield "denied again", not _call(story.code, story.call)


def _seen(lab: Lab, story: Story) -> tuple[str, ...]:
    """Give what the caller has in hand: the trail's event where it tells more than the error, else the error's text.

    A bare text says neither who nor on what: the caller adds what they know.
    """
    delivered = lab.deliver_trail()
    if story.mended is not None and story.code.startswith("s3."):
        Path("event.json.gz").write_bytes(next(reversed([data for key, data in delivered.items() if story.account in key])))
        return ("event.json.gz",)
    Path("denial.txt").write_text(_last_error["text"] + "\n", "utf-8")
    told = () if "arn:" in _last_error["text"] else ("--principal", story.principal, "--resource", story.resource)
    return ("denial.txt", *told)


_last_error: dict[str, str] = {}


def _call(code: str, call: Callable[[], Any]) -> bool:
    click.echo(click.style(f">>> {code}", bold=True))
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever the call raises is what is shown
        _last_error["text"] = str(error)
        click.echo(click.style(str(error), fg="red"))
        click.echo()
        return False
    click.echo(click.style("done: allowed", fg="green"))
    click.echo()
    return True


def _undeny(*args: str) -> int:
    """Run a command as a user would type it, in this process."""
    click.echo(click.style(f"$ undeny {shlex.join(args)}", bold=True))
    try:
        status = cli().main(args=list(args), standalone_mode=False)
    except UndenyError as problem:
        output.warn((problem,))
        status = problem.exit_status
    click.echo()
    return status if isinstance(status, int) else 0


def _profiles(kind: str, accounts: Any) -> Iterator[str]:
    for account in accounts:
        yield "--profile"
        yield f"{kind}-{account}"


@contextmanager
def _world(lab: Lab, story: Story, folder: Path) -> Iterator[None]:
    """Set what a user's shell would have: profiles in files, the lab's address, a state folder of its own; and put it back."""
    sections: dict[str, Mapping[str, str]] = {f"reader-{account}": keys for account, keys in story.readers.items()}
    sections |= {f"owner-{account}": keys for account, keys in story.owners.items()}
    sections["caller"] = lab.environ(story.principal, region=story.region)
    (folder / "credentials").write_text("".join(_section(name, keys) for name, keys in sections.items()), "utf-8")
    (folder / "config").write_text("", "utf-8")
    wanted = {name: value for name, value in story.reader.items() if name not in _KEYS} | {
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_REGION": story.region,
        "AWS_DEFAULT_REGION": story.region,
        "UNDENY_HOME": str(folder / "state"),
    }
    before = {name: os.environ.get(name) for name in (*wanted, *_CLEARED)}
    try:
        for name in _CLEARED:
            os.environ.pop(name, None)
        os.environ.update(wanted)
        saved.store.cache_clear()
        with contextlib.chdir(folder):
            yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        saved.store.cache_clear()


def _section(name: str, keys: Mapping[str, str]) -> str:
    lines = "".join(f"{_KEYS[key]} = {value}\n" for key, value in keys.items() if key in _KEYS)
    return f"[{name}]\n{lines}\n"


def _title(title: str, text: str) -> None:
    click.echo(click.style(f"━━ {title} {'━' * max(2, 94 - len(title))}", fg="cyan"))
    click.echo(click.wrap_text(text, width=98))
    click.echo()
