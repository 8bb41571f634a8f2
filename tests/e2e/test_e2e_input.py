"""Every kind of bad input gets one clear message and the right exit status, and nothing that is whole is lost."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EVENT = {
    "eventVersion": "1.08",
    "eventID": "1",
    "eventName": "GetObject",
    "eventSource": "s3.amazonaws.com",
    "eventTime": "2026-11-01T00:00:00Z",
    "awsRegion": "eu-west-1",
    "errorCode": "AccessDenied",
    "errorMessage": "Access Denied",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/a"},
    "requestParameters": {"bucketName": "b", "key": "k"},
}
SENTENCE = (
    "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k "
    "because no identity-based policy allows the s3:GetObject action"
)


def _said(ran, code):
    assert "Traceback" not in ran.stderr
    assert f"error[{code}]: " in ran.stderr
    assert ran.stderr.count("error[") == 1


def test_an_empty_input_is_told(undeny):
    ran = undeny("explain", "-", stdin="")
    _said(ran, "empty-input")
    assert ran.returncode == 2


def test_a_binary_file_is_told(undeny, tmp_path):
    (tmp_path / "bin.dat").write_bytes(bytes(range(256)) * 20)
    ran = undeny("explain", "bin.dat", cwd=tmp_path)
    _said(ran, "binary-input")
    assert ran.returncode == 2


def test_a_text_without_a_denial_is_told(undeny):
    ran = undeny(stdin="all is well\n")
    _said(ran, "no-denial")
    assert ran.returncode == 2


def test_a_file_that_is_not_there_is_told(undeny):
    ran = undeny("explain", "events.json.gz")
    _said(ran, "no-such-file")
    assert ran.returncode == 2


def test_a_folder_is_called_a_folder(undeny, tmp_path):
    (tmp_path / "two words").mkdir()
    ran = undeny("explain", "two words", cwd=tmp_path)
    _said(ran, "is-a-folder")
    assert "undeny find 'two words'" in ran.stderr
    assert ran.returncode == 2


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_takes_nothing_from_the_answer(tmp_path, closed):
    command = str(Path(sys.executable).parent / "undeny")
    environ = {"PATH": os.environ["PATH"], "UNDENY_HOME": str(tmp_path)}
    ran = subprocess.run(
        ["sh", "-c", f'"$0" explain "$1" {closed}', command, SENTENCE],
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0
    assert "Traceback" not in ran.stderr


def test_the_whole_events_of_truncated_json_are_explained(undeny, tmp_path):
    text = json.dumps({"Records": [EVENT, dict(EVENT, eventID="2")]})
    (tmp_path / "cut.json").write_text(text[:-60])
    ran = undeny("explain", "cut.json", cwd=tmp_path)
    _said(ran, "truncated-input")
    assert ran.returncode == 2
    assert "s3:GetObject" in ran.stdout


def test_the_whole_events_of_a_truncated_gzip_are_explained(undeny, tmp_path):
    whole = gzip.compress(json.dumps({"Records": [dict(EVENT, eventID=str(i)) for i in range(2000)]}).encode())
    (tmp_path / "cut.json.gz").write_bytes(whole[: len(whole) // 2])
    ran = undeny("explain", "cut.json.gz", cwd=tmp_path)
    _said(ran, "truncated-gzip")
    assert ran.returncode == 2
    assert "s3:GetObject" in ran.stdout


def test_one_broken_event_does_not_stop_the_good_ones(undeny, tmp_path):
    (tmp_path / "one.json").write_text(json.dumps({"Records": [EVENT, 17, dict(EVENT, eventName="PutObject")]}))
    ran = undeny("explain", "--all", "--format", "json", "one.json", cwd=tmp_path)
    _said(ran, "broken-event")
    assert ran.returncode == 2
    assert [json.loads(line)["denial"]["operation"] for line in ran.stdout.splitlines()] == ["GetObject", "PutObject"]


def test_a_policy_with_a_key_twice_is_refused(undeny, tmp_path):
    policy = '{"Version": "2012-10-17", "Statement": [], "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    request = '{"principal": "arn:aws:iam::111122223333:user/a", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}'
    (tmp_path / "dup.json").write_text(f'{{"request": {request}, "policies": {{"identity": [{{"name": "p", "policy": {policy}}}]}}}}')
    for command in ("explain", "evaluate"):
        ran = undeny(command, "dup.json", cwd=tmp_path)
        _said(ran, "duplicate-key")
        assert ran.returncode == 2


def test_a_file_of_100_mb_is_read_whole(undeny, tmp_path):
    line = "INFO nothing to see here, all is well in this line of the log 1234567890\n"
    with (tmp_path / "big.log").open("w") as file:
        for _ in range(14):
            file.write(line * 100_000)
        file.write(f"An error occurred (AccessDenied) when calling the GetObject operation: {SENTENCE}\n")
    ran = undeny("explain", "big.log", cwd=tmp_path)
    assert ran.returncode == 0
    assert "identity-missing-allow" in ran.stdout


def test_an_unreachable_endpoint_is_told(undeny):
    environ = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x" * 40, "AWS_REGION": "eu-west-1"}
    ran = undeny("explain", "--live", SENTENCE, environ=environ | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    _said(ran, "network-unreachable")
    assert ran.returncode == 3


def test_no_credentials_are_told(undeny):
    ran = undeny("explain", "--live", SENTENCE)
    _said(ran, "no-credentials")
    assert ran.returncode == 3


def test_a_snapshot_that_is_none_is_told(undeny, tmp_path):
    ran = undeny("explain", "--evidence", str(tmp_path), SENTENCE)
    _said(ran, "no-such-snapshot")
    assert ran.returncode == 2


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("frobnicate",), "no-such-command"),
        (("explain", "--frob", SENTENCE), "usage"),
        (("explain", "--context", "novalue", SENTENCE), "usage"),
        (("codes", "scp-explicit"), "no-such-cause"),
        (("fix", "9"), "no-such-explanation"),
        (("can", "arn:aws:iam::111122223333:user/a", "GetObject"), "usage"),
        (("rollback", "c-2222"), "no-such-change"),
        (("runbook",), "no-such-change"),
        (("explain", "d-2222"), "no-such-explanation"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(undeny, args, code):
    ran = undeny(*args)
    _said(ran, code)
    assert ran.returncode == 2


def test_a_command_that_is_almost_right_gets_one_suggestion(undeny):
    assert "did you mean `undeny explain`?" in undeny("explian", "x").stderr


def test_a_bad_line_of_scenarios_is_skipped_and_the_order_kept(undeny):
    policies = {"identity": [], "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    request = {
        "principal": "arn:aws:iam::111122223333:user/a",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": None,
    }
    good = [json.dumps({"id": name, "request": request, "policies": policies}) for name in "ab"]
    ran = undeny("evaluate", stdin="\n".join([good[0], "{broken", good[1]]))
    _said(ran, "bad-line")
    assert ran.returncode == 2
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == ["a", "b"]
    assert undeny("evaluate", "--expect", "denied", stdin=good[0]).returncode == 0
    assert undeny("evaluate", "--expect", "allowed", stdin=good[0]).returncode == 1


def test_the_package_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "undeny", "codes", "clock-skew"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "clock-skew" in done.stdout) == (0, True)
