"""`undeny compare` as people run it: two scenario files, two snapshot folders."""

import copy
import json
from pathlib import Path

import pytest

from undeny.evidence import scenario, snapshot

DEV, PROD = "111122223333", "444455556666"


@pytest.fixture
def dev():
    found = json.loads((Path(__file__).parents[2] / "docs" / "example.json").read_text("utf-8"))
    found["request"]["context"]["s3:x-amz-server-side-encryption"] = "AES256"
    found["policies"]["identity"][0]["policy"]["Statement"][1].pop("Condition")
    found["policies"] |= {"endpoint": None}
    return {name: found[name] for name in ("request", "policies", "resources", "now")}


@pytest.fixture
def prod(dev):
    return json.loads(json.dumps(dev).replace(DEV, PROD))


def _saved(folder, **sides):
    for name, value in sides.items():
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")
    return [str(folder / f"{name}.json") for name in sides]


def _locked(found):
    deny = {"Version": "2012-10-17", "Statement": [{"Sid": "NoUploads", "Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}]}
    found["policies"]["scp"][1]["policies"].append({"name": "Guard", "policy": deny})
    return found


def test_the_first_line_names_layer_and_level(undeny, tmp_path, dev, prod):
    ran = undeny("compare", *_saved(tmp_path, dev=dev, prod=_locked(prod)))
    assert ran.returncode == 1
    assert ran.stdout.startswith("differs[scp]: the service control policies at ou-ab12-11111111 deny s3:PutObject in B; in A they do")
    assert "NoUploads" in ran.stdout
    assert f"{DEV} = {PROD}" in ran.stdout


def test_accounts_set_up_alike_are_alike(undeny, tmp_path, dev, prod):
    ran = undeny("compare", *_saved(tmp_path, dev=dev, prod=prod))
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "alike: allowed in both")
    assert len(ran.stdout.splitlines()) == 2


def test_an_unread_layer_is_exit_4_and_named(undeny, tmp_path, dev, prod):
    prod["policies"]["boundary"] = "unknown"
    ran = undeny("compare", *_saved(tmp_path, dev=dev, prod=prod))
    assert ran.returncode == 4
    assert "permissions boundary of" in ran.stdout


def test_json_says_the_same(undeny, tmp_path, dev, prod):
    ran = undeny("compare", *_saved(tmp_path, dev=dev, prod=_locked(prod)), "--format", "json")
    found = json.loads(ran.stdout)
    assert (found["alike"], found["layer"], found["level"]) == (False, "scp", "ou-ab12-11111111")
    assert found["differences"][0]["witness"]["call_a"] == "allowed"
    assert found["mapped"] == [{"kind": "account", "a": DEV, "b": PROD}]


def test_snapshots_are_compared_for_one_call(undeny, tmp_path, dev, prod):
    narrower = copy.deepcopy(prod)
    narrower["policies"]["identity"][0]["policy"]["Statement"][1]["Action"] = "s3:GetObject"
    folders = []
    for name, found in (("dev", dev), ("prod", narrower)):
        found["policies"] |= {"session": None}
        found["request"]["principal"] = f"arn:aws:iam::{DEV if name == 'dev' else PROD}:role/App"
        read = scenario.read(found)
        snapshot.write(tmp_path / name, read.evidence, (read.request,))
        folders.append(str(tmp_path / name))
    call = ["--principal", f"arn:aws:iam::{DEV}:role/App", "--action", "s3:PutObject", "--resource", "arn:aws:s3:::logs-prod/a.json"]
    ran = undeny("compare", *folders, *call, "--context", "aws:SourceIp=203.0.113.9", "--format", "json")
    found = json.loads(ran.stdout)
    assert (found["a"]["decision"], found["layer"], ran.returncode) == ("allowed", "identity", 1), found["needs"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("no json", "bad-scenario"), ("[1]", "bad-scenario"), ('{"request": {}}', "bad-scenario"), ("{" * 5000, "bad-scenario")],
)
def test_what_is_no_scenario_is_told_so(undeny, tmp_path, dev, text, code):
    (tmp_path / "bad.json").write_text(text, "utf-8")
    ran = undeny("compare", *_saved(tmp_path, dev=dev), str(tmp_path / "bad.json"))
    assert ran.returncode == 2
    assert f"error[{code}]" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_file_that_is_not_there_is_told_so(undeny, tmp_path, dev):
    ran = undeny("compare", *_saved(tmp_path, dev=dev), str(tmp_path / "none.json"))
    assert (ran.returncode, "error[no-such-file]" in ran.stderr) == (2, True)
