"""A change that is cut off or failed at any point ends as it was meant or as it was, byte for byte. What is played is in `run.py`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "run.py"
TOGETHER = ("managed", "queue")
ALONE = (
    "inline", "new-inline", "attachment", "boundary", "trust", "bucket", "key", "topic", "secret", "function", "endpoint", "scp", "setting",
)  # fmt: skip


@pytest.mark.timeout(600)  # seconds on a machine that does much else; it takes half a minute alone
@pytest.mark.parametrize("phase", ["apply", "rollback"])
@pytest.mark.parametrize(("which", "kinds"), [("every", TOGETHER), ("writes", ALONE)])
def test_a_change_that_is_killed_or_fails_anywhere_ends_as_meant_or_as_it_was(phase, which, kinds, record_property):
    done = subprocess.run([sys.executable, str(RUN), phase, which, *kinds], capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    worlds = ", ".join(f"{count} {fault}" for fault, count in told["worlds"].items())
    record_property("told", f"{phase}, {which} of {', '.join(kinds)}: {told['points']} points; {worlds}: all ended well")
    assert told["failed"] == []
    assert told["worlds"]["killed"] >= told["points"]
    assert all(told["worlds"][fault] >= len(kinds) for fault in ("throttled", "5xx", "lost"))


def test_every_kind_of_thing_that_undeny_writes_has_its_faults_played():
    from undeny.aws.targets import _KINDS

    unmade = {"access_point", "repository", "table", "stream", "file system", "event bus"}  # the lab answers none of these
    played = {{"new-inline": "inline", "boundary": "managed", "scp": "organization"}.get(kind, kind) for kind in (*TOGETHER, *ALONE)}
    assert played | unmade == {*_KINDS, "setting"}
