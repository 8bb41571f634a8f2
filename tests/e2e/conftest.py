"""The command as users run it: a process of its own, with a state folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).parent / "undeny")


@pytest.fixture
def undeny(tmp_path):
    """Run the command; nothing of the developer's own AWS settings reaches it."""

    def run(*args, stdin=None, environ=None, cwd=None, binary=False):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "UNDENY_"))}
        clean |= {
            "UNDENY_HOME": str(tmp_path / "home"),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "COLUMNS": "100",
        }
        given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run(
            [COMMAND, *args], env=clean | (environ or {}), cwd=cwd, capture_output=True, text=not binary, timeout=100, check=False, **given
        )

    return run
