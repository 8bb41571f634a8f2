"""`undeny can` says under which condition a refused call would be allowed."""

import json
from pathlib import Path

import pytest

from undeny.evidence import scenario, snapshot

CALL = ("can", "arn:aws:iam::111122223333:role/App", "s3:PutObject", "arn:aws:s3:::logs-prod/a.json")


@pytest.fixture
def folder(tmp_path):
    found = json.loads((Path(__file__).parents[2] / "docs" / "example.json").read_text("utf-8"))
    found["policies"] |= {"endpoint": None, "session": None}
    found["request"]["principal"] = CALL[1]
    read = scenario.read({name: found[name] for name in ("request", "policies", "resources")})
    snapshot.write(tmp_path / "snapshot", read.evidence, (read.request,))
    return str(tmp_path / "snapshot")


def _ran(undeny, folder, encryption, *more):
    told = ("--context", "aws:SourceIp=203.0.113.9", "--context", f"s3:x-amz-server-side-encryption={encryption}")
    return undeny(*CALL, "--evidence", folder, *told, *more)


def test_the_condition_is_told(undeny, folder):
    ran = _ran(undeny, folder, "AES256")
    assert ran.returncode == 1
    assert "would be allowed if `s3:x-amz-server-side-encryption` is `aws:kms`" in ran.stdout


def test_the_call_that_meets_it_is_allowed(undeny, folder):
    ran = _ran(undeny, folder, "aws:kms")
    assert (ran.returncode, "would be allowed" in ran.stdout) == (0, False)


def test_json_holds_it(undeny, folder):
    found = json.loads(_ran(undeny, folder, "AES256", "--format", "json").stdout)
    assert found["decision"] == "implicitly_denied"
    demand = {"key": "s3:x-amz-server-side-encryption", "operator": "StringEquals", "values": ["aws:kms"]}
    assert found["allowed_if"]["alternatives"] == [[demand]]
    assert json.loads(_ran(undeny, folder, "aws:kms", "--format", "json").stdout)["allowed_if"] is None
