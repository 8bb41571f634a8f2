"""`undeny validate` as people run it: a file, standard input, JSON as the argument."""

import json

import pytest

BAD = """{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObjects",
    "Resource": "arn:aws:s3:::logs/*"
  }
}
"""
GOOD = BAD.replace("GetObjects", "GetObject")


def test_a_mark_stands_under_what_is_wrong(undeny, tmp_path):
    (tmp_path / "policy.json").write_text(BAD, "utf-8")
    ran = undeny("validate", str(tmp_path / "policy.json"))
    lines = ran.stdout.splitlines()
    assert ran.returncode == 1
    assert lines[0].startswith("error[unknown-action]: s3 has no action `s3:GetObjects`")
    shown = next(i for i, line in enumerate(lines) if "s3:GetObjects" in line and "│" in line)
    assert lines[shown].index('"s3:GetObjects"') == lines[shown + 1].index("^")
    assert "  = did you mean `s3:GetObject`?" in lines
    assert lines[-1] == "1 error"


def test_nothing_wrong_is_exit_0(undeny):
    ran = undeny("validate", "-", stdin=GOOD)
    assert (ran.returncode, ran.stdout) == (0, "nothing found\n")


def test_json_says_the_same(undeny):
    ran = undeny("validate", BAD, "--format", "json")
    [found] = json.loads(ran.stdout)
    assert (found["code"], found["path"], found["place"]["line"]) == ("unknown-action", "Statement[0].Action[0]", 5)


def test_the_type_says_what_a_policy_must_have(undeny):
    ran = undeny("validate", GOOD, "--type", "resource")
    assert (ran.returncode, "missing-principal" in ran.stdout) == (1, True)


@pytest.mark.parametrize("text", ["{", "[", '{"a"', "nothing", ""])
def test_what_is_no_json_is_exit_2(undeny, text):
    ran = undeny("validate", "-", stdin=text)
    assert (ran.returncode, "error[not-json]" in ran.stderr, "Traceback" in ran.stderr) == (2, True, False)


@pytest.mark.parametrize("text", ["[]", "null", "1", '"a"', '{"Statement": [null, 1, []]}'])
def test_json_that_is_no_policy_is_a_finding(undeny, text):
    ran = undeny("validate", "-", stdin=text)
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False)
