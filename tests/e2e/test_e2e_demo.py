"""The demo walks every story to its end, for real, and speaks to nothing but the lab."""

import re

import pytest


@pytest.mark.timeout(240)
def test_the_demo_walks_every_story(undeny):
    ran = undeny("demo")
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    ends = [line for line in ran.stdout.splitlines() if line.startswith(("✓ ", "✗ "))]
    assert len(ends) >= 4
    assert all(line.startswith("✓ ") for line in ends)
    first = ends[0].partition(": ")[2]
    steps = ["denied", "explained", "applied", "allowed", "verified", "rolled back", "denied again"]
    assert [first.index(step) for step in steps] == sorted(first.index(step) for step in steps)
    assert re.search(r"\d stories over HTTP in \d+ s", ran.stdout)
