"""The command, run by itself against the lab: it reads with the reader's credentials and proves why the call was refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from undeny.lab import Lab, worlds
from undeny.lab.worlds import Story

CODES = {
    "Nobody allowed it": "identity-missing-allow",
    "Allowed, but on a condition": "condition-mismatch",
    "The organisation forbids it": "scp-explicit-deny",
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def stories(lab: Lab) -> dict[str, Story]:
    return {world.TITLE: world.seed(lab) for world in worlds.load_all() if world.TITLE in CODES}


@pytest.mark.parametrize("title", CODES)
def test_explain_proves_the_cause_over_http_with_a_readers_rights(title: str, lab: Lab, stories: dict[str, Story], tmp_path: Path):
    story = stories[title]
    with pytest.raises(ClientError):
        story.call()
    event = tmp_path / "event.json"
    event.write_text(json.dumps(lab.trail.events[-1]), "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [str(Path(sys.executable).with_name("undeny")), "explain", str(event), "--live", "--format", "json"]
    done = subprocess.run(
        command, env=kept | dict(story.reader) | {"UNDENY_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["cause"]["code"], told["cause"]["certainty"]) == (CODES[title], "proven")
    assert lab.gate.faults == []
