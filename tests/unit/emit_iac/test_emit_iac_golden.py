"""Every fix of tests/golden as every kind of code: the files there are what people get, and their own tools read them.

UNDENY_REWRITE_GOLDEN=1 writes the files anew; look at the difference before it is committed.
"""

import ast
import json
import os
import re
import subprocess
from pathlib import Path

import hcl2
import msgspec
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner

from undeny.emit import iac
from undeny.errors import UndenyError
from undeny.fix.model import Fix, PolicyEdit

GOLDEN = Path(__file__).parents[2] / "golden"
CASES = sorted(p.parent for p in GOLDEN.glob("*/fix.json"))
FORMATS = (
    "terraform", "cloudformation", "boto3", "cli", "lambda", "lambda-terraform", "lambda-cloudformation",
    "cloudformation-import", "cloudformation-before", "cloudformation-stack",
)  # fmt: skip


def read(case):
    held = json.loads((case / "fix.json").read_text())
    return msgspec.convert(held["fix"], Fix), held["scenario"]


def documents(fix):
    return [c.after for c in fix.changes if isinstance(c, PolicyEdit) and c.after is not None and c.layer != "session"]


@pytest.fixture(params=CASES, ids=lambda p: p.name)
def case(request):
    return request.param


def test_there_are_golden_cases_of_every_format():
    assert len(CASES) >= 7
    assert set(FORMATS) <= set(iac.names())


@pytest.mark.parametrize("name", FORMATS)
def test_the_code_of_a_fix_is_the_golden_file(case, name):
    fix, scenario = read(case)
    path = case / f"fix.{iac.suffix(name)}"
    written = iac.render(name, fix, scenario)
    if os.environ.get("UNDENY_REWRITE_GOLDEN"):
        path.write_text(written)
    assert written == path.read_text()


def test_terraform_reads_back_as_the_same_policies(case):
    fix, _ = read(case)
    read_back = hcl2.loads((case / "fix.tf").read_text())
    defaults = {text(name): text(held["default"]) for v in read_back.get("variable", []) for name, held in v.items()}
    found = []
    for block in read_back.get("resource", []):
        for named in block.values():
            for held in named.values():
                found += [policy(text(held[k]), defaults) for k in ("policy", "content", "assume_role_policy") if k in held]
    assert found == documents(fix)


def text(value):
    return value[1:-1] if value.startswith('"') and value.endswith('"') else value


def policy(heredoc, defaults):
    body = heredoc.split("\n", 1)[1].rsplit("\n", 1)[0] if heredoc.startswith("<<") else heredoc
    for name, value in defaults.items():
        body = body.replace(f"${{var.{name}}}", value)
    return json.loads(re.sub(r"([$%])\1\{", r"\1{", body))


def test_terraform_imports_what_is_there_already(case):
    fix, _ = read(case)
    written = (case / "fix.tf").read_text()
    there = [c for c in fix.changes if isinstance(c, PolicyEdit) and c.before is not None and c.after is not None]
    assert written.count("import {") == len(there)


def test_cloudformation_is_clean_to_cfn_lint_and_holds_the_same_policies(case):
    path = case / "fix.template.json"
    template = json.loads(path.read_text())
    matches = list(Runner(ConfigMixIn(["--template", str(path), "--ignore-checks", "W3045", "--"], regions=["us-east-1"])).run())
    assert [str(m) for m in matches if m.rule.id.startswith("E")] == []
    values = {name: held["Default"] for name, held in template.get("Parameters", {}).items()}
    found = []
    for resource in template["Resources"].values():
        held = resource.get("Properties", {})
        names = ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "ResourcePolicy", "RepositoryPolicyText", "Content")
        found += [resolved(held[name], values) for name in names if name in held]
    fix, _ = read(case)
    assert found == documents(fix)


def resolved(value, values):
    if isinstance(value, dict):
        return values[value["Ref"]] if set(value) == {"Ref"} else {k: resolved(v, values) for k, v in value.items()}
    if isinstance(value, list):
        return [resolved(v, values) for v in value]
    return value


def test_the_template_before_the_change_is_clean_to_cfn_lint_and_holds_what_is_there(case):
    path = case / "fix.before.template.json"
    template = json.loads(path.read_text())
    named = json.loads((case / "fix.resources-to-import.json").read_text())
    if named:
        matches = list(Runner(ConfigMixIn(["--template", str(path), "--ignore-checks", "W3045", "--"], regions=["us-east-1"])).run())
        assert [str(m) for m in matches if m.rule.id.startswith("E")] == []
    assert {one["LogicalResourceId"]: one["ResourceType"] for one in named} == {
        n: held["Type"] for n, held in template["Resources"].items()
    }
    assert all(held["DeletionPolicy"] == "Retain" for held in template["Resources"].values())
    fix, _ = read(case)
    before = [c.before for c in fix.changes if isinstance(c, PolicyEdit) and c.before is not None]
    names = ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "RepositoryPolicyText", "Content")
    held = [r["Properties"][name] for r in template["Resources"].values() for name in names if name in r["Properties"]]
    assert all(one in before for one in held)
    assert "Parameters" not in template


def test_what_is_imported_is_named_by_what_identifies_it():
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    from undeny.emit.iac.cloudformation import IMPORTED

    for kind, keys in IMPORTED.items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
        assert sorted(f"/properties/{key}" for key in keys) == sorted(schema["primaryIdentifier"])


def test_the_commands_of_the_stack_parse_and_import_only_where_something_is_there(case):
    path = case / "fix.stack.sh"
    subprocess.run(["sh", "-n", str(path)], check=True)
    named = json.loads((case / "fix.resources-to-import.json").read_text())
    assert ("IMPORT" in path.read_text()) is bool(named)


def test_cloudformation_defaults_fit_their_allowed_pattern(case):
    template = json.loads((case / "fix.template.json").read_text())
    for held in template.get("Parameters", {}).values():
        assert re.fullmatch(held["AllowedPattern"], held["Default"])


def test_the_boto3_script_is_short_compiles_and_carries_the_same_policies(case):
    source = (case / "fix.py").read_text()
    assert len(source.splitlines()) < 100
    tree = ast.parse(source)
    told = next(n.value.args[0].value for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "CHANGES")
    fix, _ = read(case)
    left = [c for c in fix.changes if isinstance(c, PolicyEdit) and c.layer in ("endpoint", "session")]
    assert [c["after"] for c in json.loads(told)] == [d for d in documents(fix) if d not in [e.after for e in left]]
    assert 'action="store_true"' in source
    assert "region_name=given.region" in source


def test_the_lambda_function_is_short_compiles_and_carries_the_same_policies_as_the_script(case):
    source = (case / "fix.lambda.py").read_text()
    assert len(source.splitlines()) < 150
    told, script = (
        next(n.value.args[0].value for n in ast.parse(text).body if isinstance(n, ast.Assign) and n.targets[0].id == "CHANGES")
        for text in (source, (case / "fix.py").read_text())
    )
    assert json.loads(told) == json.loads(script)


def test_the_shell_script_parses_and_carries_the_same_policies(case):
    path = case / "fix.sh"
    subprocess.run(["sh", "-n", str(path)], check=True)
    found = [json.loads(body) for body in re.findall(r"<<'POLICY'\n(.*?)\nPOLICY\n", path.read_text(), re.DOTALL)]
    fix, _ = read(case)
    assert found == [c.after for c in fix.changes if isinstance(c, PolicyEdit) and c.after is not None]


def test_an_unknown_format_is_named_with_the_nearest_one():
    fix, scenario = read(CASES[0])
    with pytest.raises(UndenyError) as told:
        iac.render("terrafrom", fix, scenario)
    assert told.value.help == ("did you mean `terraform`?",)
