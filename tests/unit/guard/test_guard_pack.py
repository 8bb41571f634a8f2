"""The conformance pack: rules that AWS Config has, in a template that its tools read."""

import gzip
import json
from pathlib import Path

import moto.config
import msgspec
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner

from undeny.emit.guard import pack
from undeny.fix.model import Fix

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*/fix.json"))
KNOWN = json.loads(gzip.decompress((Path(moto.config.__file__).parent / "resources" / "aws_managed_rules.json.gz").read_bytes()))


def read(path):
    held = json.loads(path.read_text())
    return msgspec.convert(held["fix"], Fix), held["scenario"]


@pytest.mark.parametrize("path", [None, *(p for p in GOLDEN if p.parent.name in ("bucket-policy-with-quotes", "managed-policy"))])
def test_every_rule_is_one_of_aws_and_the_template_is_clean(path, tmp_path):
    fix, scenario = read(path) if path else (None, {})
    assert [rule.identifier for rule in pack.rules(fix, scenario) if rule.identifier not in KNOWN["ManagedRules"]] == []
    file = tmp_path / "pack.yaml"
    file.write_text(pack.render(fix, scenario))
    assert [str(m) for m in Runner(ConfigMixIn(["--template", str(file), "--"], regions=["us-east-1"])).run()] == []


def test_the_fix_of_a_bucket_is_held_by_the_policy_that_was_proved():
    fix, scenario = read(next(p for p in GOLDEN if p.parent.name == "bucket-policy-with-quotes"))
    rule = next(r for r in pack.rules(fix, scenario) if r.identifier == "S3_BUCKET_POLICY_NOT_MORE_PERMISSIVE")
    assert json.loads(rule.parameters["controlPolicy"]) == fix.changes[0].after


def test_the_fix_in_a_managed_policy_is_held_by_its_attachment():
    fix, scenario = read(next(p for p in GOLDEN if p.parent.name == "managed-policy"))
    assert any(rule.identifier == "IAM_POLICY_IN_USE" for rule in pack.rules(fix, scenario))
