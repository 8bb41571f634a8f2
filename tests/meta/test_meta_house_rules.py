"""Rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "undeny").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
INDEPENDENT = "lab/definition"
"""The definition imports nothing of ours, and so has a matcher of its own."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "undeny").as_posix()


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_no_arn_is_split_on_colons_outside_the_policy_language():
    found = []
    for path in SOURCES:
        if _name(path).startswith(("iam/", INDEPENDENT)):
            continue
        for call in _calls(ast.parse(path.read_text())):
            splits = isinstance(call.func, ast.Attribute) and call.func.attr in ("split", "rsplit")
            limit = [a.value for a in call.args[1:] if isinstance(a, ast.Constant)] + [
                k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)
            ]
            colon = call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == ":"
            if splits and colon and (not limit or limit[0] != 1):
                found.append(f"{_name(path)}:{call.lineno}")
    assert found == []


def test_there_is_one_wildcard_matcher():
    found = [
        _name(path) for path in SOURCES if not _name(path).startswith(("iam/", INDEPENDENT)) and re.search(r"\bfnmatch\b", path.read_text())
    ]
    assert found == []


def test_boto3_is_imported_only_where_aws_is_spoken_to():
    rooms = ("aws/", "lab/")
    found = []
    for path in SOURCES:
        if _name(path).startswith(rooms):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [f"{_name(path)}: {n}" for n in names if n.split(".")[0] in ("boto3", "botocore", "moto")]
    assert found == []


def test_every_exception_to_a_rule_has_its_reason_on_the_same_line():
    found = []
    for path in SOURCES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.search(r"#\s*(noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[a-z, -]+\])?)(.*)$", line)
            if match and not re.search(r"(-|#)\s*[\w`]", match.group(2)):
                found.append(f"{_name(path)}:{number}")
    assert found == []


def test_no_file_is_longer_than_a_room_should_be():
    assert {_name(p): n for p in SOURCES if (n := len(p.read_text().splitlines())) > 400} == {}


def test_every_file_under_tests_that_tests_something_is_collected():
    stray = [p.relative_to(ROOT).as_posix() for p in TESTS if "def test_" in p.read_text() and not p.name.startswith("test_")]
    assert stray == []


def test_test_files_have_names_of_their_own():
    names = [p.name for p in TESTS if p.name.startswith("test_")]
    assert len(names) == len(set(names))


def test_no_room_is_called_like_a_public_function():
    import undeny

    rooms = {p.stem if p.suffix == ".py" else p.name for p in (ROOT / "src" / "undeny").iterdir() if not p.name.startswith(("_", "."))}
    assert rooms & set(undeny.__all__) == set()


@pytest.mark.parametrize("folder", ["src", "tests", "docs", "benchmarks", "scripts", "requirements"])
def test_no_text_names_a_machine_or_a_package_host(folder):
    machine = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "work|farm" + r")/|\.\./" + "shared")
    found = [
        f"{p.relative_to(ROOT)}: {line[:80]}"
        for p in sorted((ROOT / folder).rglob("*"))
        if p.is_file() and p.suffix in (".py", ".md", ".txt", ".in", ".toml", ".json", ".jsonl", ".svg")
        for line in p.read_text("utf-8", "replace").splitlines()
        if machine.search(line) or (folder == "requirements" and ("http" in line or line.startswith("--")))
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle():
    """Not even lazily: a circle hides which of two modules stands on which. Rooms are held apart by import-linter."""
    graph = grimp.build_graph("undeny", exclude_type_checking_imports=True, cache_dir=None)
    standing = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while settled := {module for module, below in standing.items() if not below & standing.keys()}:
        standing = {module: below for module, below in standing.items() if module not in settled}
    while above := {module for module in standing if not any(module in below for below in standing.values())}:
        standing = {module: below for module, below in standing.items() if module not in above}
    assert not sorted(standing), "these import each other in a circle, or stand between two that do"
