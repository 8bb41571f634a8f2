"""A new wording, cause, strategy, command or collector is one new file: a dummy of each kind is dropped in and works."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import undeny

PACKAGE = Path(undeny.__file__).parent

FORM = '''"""The gate of the moon speaks."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("the moon forbids",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
PATTERN = r"the moon forbids (?P<action>[a-z0-9-]+:[A-Za-z]+)"
EXAMPLES = {"MoonException: the moon forbids s3:GetObject": {"action": "s3:GetObject"}}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
'''
CAUSE = '''"""The moon forbids it."""

from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause

INFO = CauseInfo(
    code="moon-phase", bucket="service", title="the moon forbids it", text="The moon.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html", example="the moon forbids s3:GetObject",
)


def look(case: Case) -> Cause | None:
    """By the wording."""
    if "the moon forbids" not in (case.denial.text or case.denial.message or ""):
        return None
    return Cause(code=INFO.code, certainty="stated", summary="the moon forbids it", weight=1000.0)
'''
STRATEGY = '''"""Wait for another moon."""

from undeny.diagnose.model import Case, Cause
from undeny.fix.model import CallEdit, Fix

CODES = ("moon-phase",)
SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose to wait."""
    del case, cause
    call = CallEdit(how="call again at full moon")
    return (Fix(id="", title="wait for the moon", layer="call", applicability="has_placeholders", changes=(call,)),)
'''
COMMAND = '''"""`undeny moon`."""

import click

from undeny.ui.cli import options

HELP = "say what the moon says"


def build() -> click.Command:
    """Build the command."""
    return options.command("moon", lambda: click.echo("full"), "Say it.")
'''
COLLECTOR = '''"""The moon, read."""

from undeny.aws.reader import Reader
from undeny.evidence.model import Resource
from undeny.iam.arn import Arn

SERVICE = "moon"
PERMISSIONS = {"moon:GetPhase": ("the phase", "https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html")}


def thing(arn: Arn) -> str | None:
    """Give the moon."""
    return str(arn)


def read(reader: Reader, arn: Arn) -> Resource:
    """Read it."""
    del reader
    return Resource(arn=str(arn), policy=None)
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(PACKAGE, folder / "undeny", ignore=shutil.ignore_patterns("__pycache__"))
    drops = {
        "denial/forms/moon.py": FORM,
        "diagnose/causes/moon_phase.py": CAUSE,
        "fix/strategies/another_moon.py": STRATEGY,
        "ui/cli/commands/moon.py": COMMAND,
        "aws/collect/moon.py": COLLECTOR,
    }
    for path, text in drops.items():
        (folder / "undeny" / path).write_text(text)
    return folder


def _python(house, *args):
    environ = {"PYTHONPATH": str(house), "PATH": "/usr/bin:/bin", "UNDENY_HOME": str(house / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *args], env=environ, capture_output=True, text=True, timeout=60, check=False)


def _undeny(house, *args):
    return _python(house, "-c", "from undeny.ui.cli.main import main; main()", *args)


def test_the_dropped_in_house_is_the_one_that_runs(house):
    assert str(house) in _python(house, "-c", "import undeny; print(undeny.__file__)").stdout


def test_a_new_wording_cause_and_strategy_are_found(house):
    ran = _undeny(house, "explain", "--format", "json", "MoonException: the moon forbids s3:GetObject")
    found = json.loads(ran.stdout)
    assert (found["denial"]["action"], found["cause"]["code"], found["bucket"]) == ("s3:GetObject", "moon-phase", "service")
    assert found["fixes"][0]["title"] == "wait for the moon"


def test_a_new_cause_is_in_the_catalogue(house):
    assert "the moon forbids it" in _undeny(house, "codes", "moon-phase").stdout


def test_a_new_command_is_listed_and_runs(house):
    assert "moon" in _undeny(house, "help", "all").stdout
    assert _undeny(house, "moon").stdout == "full\n"


def test_a_new_collector_is_in_the_reader_policy(house):
    assert "moon:GetPhase" in _undeny(house, "reader-policy").stdout
