"""`undeny fix --all`: one change for the denials of a log, as a page, as JSON and as code."""

import json
import subprocess
import sys

SENTENCE = (
    "User: arn:aws:sts::111122223333:assumed-role/Tf/x is not authorized to perform: {0} on resource: {1} "
    "because no identity-based policy allows the {0} action"
)
LOG = "\n".join(
    SENTENCE.format(*call)
    for call in (("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t"), ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q"))
)


def undeny(*args):
    return subprocess.run(
        [sys.executable, "-m", "undeny", "fix", "--all", *args], input=LOG, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_log_with_two_denials_gives_one_change_in_every_form():
    page = undeny("-")
    assert page.returncode == 0, page.stderr
    assert page.stdout.splitlines()[0] == "one change for all 2 denials: 1 document to change"
    found = json.loads(undeny("-", "--format", "json").stdout)
    assert [part["serves"] for part in found["fixes"]] == [[1, 2]]
    assert "sns:Publish" in (code := undeny("-", "--as", "terraform").stdout)
    assert "sqs:SendMessage" in code


def test_what_is_for_one_fix_is_refused_with_all():
    refused = undeny("-", "--number", "2")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--number is for one denial" in refused.stderr
