"""`undeny codes CODE`: one cause as a page of documentation, whole at 60 columns."""

import json

import pytest
from rich.console import Console, Group

from undeny.diagnose import catalogue
from undeny.ui.cli.commands import codes

CODES = sorted(catalogue())


def page(code, width):
    console = Console(width=width, color_system=None, highlight=False, markup=False, emoji=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(Group(*codes._page(catalogue()[code])))
    return captured.get()


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("code", CODES)
def test_a_page_is_whole_at_every_width_and_has_each_part(code, width):
    told, info = page(code, width), catalogue()[code]
    assert all(len(line) <= width for line in told.splitlines())
    for part in ("what it is", "signs", "mends it", "does not", "as seen", "offered", "AWS says"):
        assert f"  {part}" in told, part
    assert squeezed(info.example) in squeezed(told)
    assert squeezed(info.source) in squeezed(told)
    assert told.startswith(code)
    assert info.bucket in told.splitlines()[1] or info.bucket in told.splitlines()[2]


@pytest.mark.parametrize("code", CODES)
def test_a_page_tells_what_the_cause_is_taken_for_by_its_own_words(code):
    told = squeezed(page(code, 80))
    assert all(squeezed(f"{other} {catalogue()[other].title}") in told for other in catalogue()[code].related if len(other) < 24)


@pytest.mark.parametrize("code", CODES)
def test_the_paragraphs_flow_and_no_line_of_the_source_shows_through(code):
    for _, paragraph in codes._paragraphs(catalogue()[code].text):
        assert "\n" not in paragraph
        assert paragraph


def test_the_command_prints_a_page_and_json(undeny):
    assert undeny("codes", "trust-policy").stdout.startswith("trust-policy  the role's trust policy")
    assert json.loads(undeny("codes", "trust-policy", "--format", "json").stdout)["code"] == "trust-policy"


def test_a_code_that_is_none_is_told_with_a_near_one(undeny):
    ran = undeny("codes", "trust-polcy")
    assert ran.returncode == 2
    assert "did you mean `trust-policy`?" in ran.stderr
