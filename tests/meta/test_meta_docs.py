"""What the pages say is what the code does: made pages are current, README's commands run, links lead somewhere."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]


def test_the_pages_made_from_drop_ins_are_current():
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))["pages"]()
    stale = [path for path, text in made.items() if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text]
    assert stale == [], "run `make docs`"


def test_no_page_is_left_of_a_cause_that_is_gone():
    made = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))["pages"]()
    assert {p.relative_to(ROOT).as_posix() for p in (ROOT / "docs" / "causes").glob("*.md")} <= set(made)


def test_the_screen_of_the_readme_is_current():
    drawn = runpy.run_path(str(ROOT / "scripts" / "make_screen.py"))["svg"]()
    assert (ROOT / "docs" / "screen.svg").read_text("utf-8") == drawn, "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    targets = [t.partition("#")[0] for t in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")) if not t.startswith("http")]
    assert [t for t in targets if t and not (ROOT / t).exists()] == []


def test_every_undeny_command_of_the_readme_exists_with_its_options():
    from undeny.ui.cli.main import cli

    group = cli()
    for line in re.findall(r"^\$ .*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        for part in re.findall(r"undeny [a-z][^|&#]*", line):
            words = shlex.split(part.split("   ")[0])
            command = group.get_command(None, words[1])
            assert command is not None, part
            if hasattr(command, "get_command"):  # `guard alarm`: the options are the inner command's
                command = command.get_command(None, words[2])
                assert command is not None, part
            known = {option for parameter in command.params for option in parameter.opts}
            assert {w for w in words[2:] if w.startswith("--") and w != "--"} <= known, part


def test_the_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {t for page in PAGES for t in re.findall(r"`make ([a-z]+)`", page.read_text("utf-8"))} <= targets


def test_every_door_that_the_architecture_names_is_there():
    from importlib import import_module

    block = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("```python", 1)[1].split("```", 1)[0]
    named = re.findall(
        r"(?<![\w.])((?:iam|catalog|denial|calls|evidence|decide|diagnose|fix|prove|aws|change)(?:\.[A-Za-z_]+)+)(?=\(| ->|  )", block
    )
    assert len(named) > 30
    for name in named:
        *path, last = name.split(".")
        found = import_module(f"undeny.{path[0]}")
        for step in path[1:]:
            found = getattr(found, step, None) or import_module(f"undeny.{'.'.join(path)}")
        assert hasattr(found, last), name
