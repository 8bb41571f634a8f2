"""What a user sees: the first line answers, JSON stands alone, ids carry over, the narrow screen is whole, nothing secret is kept."""

import json
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

SENTENCE = (
    "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::111122223333:assumed-role/App/i-0abc is not "
    'authorized to perform: s3:GetObject on resource: "arn:aws:s3:::logs-prod/a.json" because no identity-based policy allows the s3:GetObject action'
)
SCENARIO = {
    "id": "put",
    "text": "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
    "request": {
        "principal": "arn:aws:iam::111122223333:role/App",
        "action": "s3:PutObject",
        "resource": "arn:aws:s3:::logs-prod/a.json",
        "resource_account": "111122223333",
        "context": {"s3:x-amz-server-side-encryption": "AES256"},
    },
    "policies": {
        "identity": [
            {
                "name": "AppWritesLogs",
                "policy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "WriteEncrypted",
                            "Effect": "Allow",
                            "Action": "s3:PutObject",
                            "Resource": "arn:aws:s3:::logs-prod/*",
                            "Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
                        }
                    ],
                },
            }
        ],
        "boundary": None,
        "session": None,
        "resource": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
    },
}
SECRETS = {
    "secret key": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab",
    "session token": "FwoGZXIvYXdzEPlantedTokenThatMustNeverBeSeenAnywhere1234567890abcdefghijklmnop",
    "signature": "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    "identity token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQtaGVyZQ",
}


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(SCENARIO))
    return str(path)


def test_the_first_line_answers_by_itself(undeny, case):
    first = undeny("explain", case).stdout.splitlines()[0]
    assert first.startswith("denied[condition-mismatch]: role App may")


def test_the_mark_stands_under_the_very_characters_that_failed(undeny, case):
    lines = undeny("explain", case).stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if '"s3:x-amz-server-side-encryption": "aws:kms"' in line)
    mark = lines[at + 1].index("‾"), lines[at + 1].rindex("‾") + 1
    assert lines[at][slice(*mark)] == '"aws:kms"'
    assert 'the call had "AES256"' in lines[at + 1] + lines[at + 2]


def test_a_message_alone_says_that_nothing_was_read_and_proves_nothing(undeny):
    ran = undeny("explain", SENTENCE)
    assert ran.returncode == 0
    assert "stated by AWS · permission" in ran.stdout
    assert "Nothing was read, and nothing was changed." in ran.stdout
    found = json.loads(undeny("explain", "--format", "json", SENTENCE).stdout)
    assert {proof["holds"] for fix in found["fixes"] for proof in fix["proofs"]} <= {None}
    assert {fix["applicability"] for fix in found["fixes"]} <= {"has_placeholders"}


def test_a_bare_denial_is_not_decided_and_exits_4(undeny):
    ran = undeny("explain", "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied")
    assert ran.returncode == 4
    assert "unknown (exit 4)" in ran.stdout


def test_what_is_piped_is_explained(undeny):
    assert undeny(stdin=SENTENCE).stdout.startswith("denied[identity-missing-allow]")


def test_a_pipe_gets_neither_colour_nor_trailing_blanks(undeny, case):
    out = undeny("explain", case).stdout
    assert "\x1b" not in out
    assert [line for line in out.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("columns", ["60", "100"])
def test_a_page_fits_its_width(undeny, case, columns):
    out = undeny("explain", case, environ={"COLUMNS": columns}).stdout
    assert max(map(len, out.splitlines())) <= int(columns)


def test_the_help_fits_a_screen(undeny):
    assert len(undeny("--help").stdout.splitlines()) <= 24
    assert undeny().stdout == undeny("--help").stdout or undeny().returncode == 2


def test_every_answer_as_json_is_what_the_schema_says(undeny, case):
    schema = json.loads(undeny("help", "schema").stdout)
    for name, args in {"explanation": ("explain", case), "verdict": ("evaluate", case)}.items():
        answer = json.loads(undeny(*args, "--format", "json").stdout)
        jsonschema.validate(answer, {**schema["properties"][name], "$defs": schema["$defs"]})
    denials = json.loads(undeny("parse", "--format", "json", SENTENCE).stdout)
    jsonschema.validate(denials[0], {**schema["properties"]["denial"], "$defs": schema["$defs"]})


def test_the_json_has_the_fields_of_the_interface(undeny, case):
    found = json.loads(undeny("explain", "--format", "json", case).stdout)
    assert {
        "id",
        "denial",
        "bucket",
        "cause",
        "other_causes",
        "verdict",
        "verdicts",
        "missing_evidence",
        "ruled_out",
        "changed_lately",
        "fixes",
    } <= found.keys()
    assert {"more_denials", "next_commands"} <= found.keys()
    assert {"code", "certainty", "summary", "layer", "policy", "statement"} <= found["cause"].keys()
    assert {"id", "title", "layer", "applicability", "changes", "proofs", "assumes", "risks", "owner", "managed_by"} <= found["fixes"][
        0
    ].keys()
    assert {"decision", "layers", "blocked_by", "statements", "needs"} <= found["verdict"].keys()


def test_every_command_that_a_page_suggests_works_as_printed(undeny, case):
    for source in (case, SENTENCE):
        shown = json.loads(undeny("explain", "--format", "json", source).stdout)["next_commands"]
        assert shown
        for command in shown:
            words = shlex.split(command)
            assert words[0] == "undeny"
            ran = undeny(*words[1:])
            needs_aws = "--live" in words or words[1] == "plan"
            assert ran.returncode == (3 if needs_aws else 0), (command, ran.stderr)
            assert not needs_aws or "error[no-credentials]" in ran.stderr


def test_an_id_carries_over_to_the_next_command(undeny, case):
    short = json.loads(undeny("explain", "--format", "json", case).stdout)["id"]
    assert undeny("explain", short).stdout.splitlines()[0] == undeny("explain", case).stdout.splitlines()[0]
    assert undeny("fix", short, "--as", "terraform").returncode == 0 or "change the call" in undeny("fix", short).stdout


def test_nothing_secret_is_printed_or_kept(undeny, tmp_path):
    log = "\n".join(
        [
            f"AWS_SECRET_ACCESS_KEY={SECRETS['secret key']}",
            f"export AWS_SESSION_TOKEN={SECRETS['session token']}",
            f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature={SECRETS['signature']}",
            f"https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token={SECRETS['session token']}&X-Amz-Signature={SECRETS['signature']}",
            f"WebIdentityToken={SECRETS['identity token']}",
            SENTENCE,
        ]
    )
    shown = [
        undeny("explain", "-", stdin=log),
        undeny("explain", "--format", "json", "-", stdin=log),
        undeny("parse", "--format", "json", "-", stdin=log),
    ]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert kept
    for name, secret in SECRETS.items():
        assert all(secret not in ran.stdout + ran.stderr for ran in shown), name
        assert secret.encode() not in kept, name


def test_the_state_is_readable_by_its_owner_alone(undeny, tmp_path, case):
    undeny("explain", case)
    database = tmp_path / "home" / "undeny.db"
    assert database.stat().st_mode & 0o077 == 0
    assert sqlite3.connect(database).execute("SELECT count(*) FROM explanation").fetchone() == (1,)


def test_run_passes_output_and_status_through_and_explains_afterwards(undeny):
    script = f"echo before; echo {shlex.quote(SENTENCE)} >&2; exit 7"
    ran = undeny("run", "--", "sh", "-c", script)
    assert ran.returncode == 7
    assert ran.stdout == "before\n"
    assert ran.stderr.startswith(SENTENCE + "\n")
    assert "denied[identity-missing-allow]" in ran.stderr


def test_run_says_nothing_of_a_command_that_succeeds_or_fails_otherwise(undeny):
    assert undeny("run", "--", "sh", "-c", "echo fine").stderr == ""
    ran = undeny("run", "--", "sh", "-c", "echo oops >&2; exit 3")
    assert (ran.returncode, ran.stderr) == (3, "oops\n")


def test_run_tells_a_command_that_is_not_there(undeny):
    ran = undeny("run", "--", "no-such-command-here")
    assert ran.returncode == 127
    assert "error[no-such-command]" in ran.stderr


def test_codes_lists_every_cause_and_explains_one(undeny):
    assert "kms-key-policy" in undeny("codes").stdout
    page = undeny("codes", "scp-explicit-deny").stdout
    assert "https://docs.aws.amazon.com/" in page


def test_the_version_is_told(undeny):
    import undeny as package

    assert undeny("--version").stdout == f"undeny {package.__version__}\n"


def test_python_gives_the_same_explanation(undeny, case):
    import undeny as package

    told = package.to_builtins(package.explain(SCENARIO))
    shown = json.loads(undeny("explain", "--format", "json", case).stdout)
    for field in ("bucket", "cause", "verdict", "fixes"):
        assert json.loads(json.dumps(told[field])) == shown[field]
    assert package.explain(Path(case)).cause.code == told["cause"]["code"]


OLD = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}]}'
NEW = '{"Version": "2012-10-17", "Statement": [{"Sid": "Wide", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a*"}]}'


def test_check_answers_with_a_witness_and_a_status(undeny, tmp_path):
    assert undeny("check", "no-new-access", NEW, OLD).returncode == 0
    ran = undeny("check", "no-new-access", "--format", "json", OLD, NEW)
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["holds"], found["check"]) == (1, False, "no-new-access")
    assert found["witness"]["action"].startswith("s3:Get")
    assert found["statements"][0]["sid"] == "Wide"
    assert undeny("check", "access-not-granted", NEW, "--action", "s3:PutObject").returncode == 0
    assert undeny("check", "no-new-access", OLD, "nowhere.json").returncode == 2


def test_a_page_as_markdown_has_whole_fences_and_the_same_answer(undeny, case):
    text = undeny("explain", "--format", "markdown", case).stdout
    assert text.startswith("## denied[condition-mismatch]\n")
    assert text.count("```") % 2 == 0
    assert '^^^^^^^^^ the call had "AES256"' in text


def test_a_closed_pipe_is_no_failure(tmp_path):
    log = tmp_path / "many.log"
    log.write_text("\n".join(SENTENCE.replace("a.json", f"{i}.json") for i in range(150)))
    command = [str(Path(sys.executable).parent / "undeny"), "explain", str(log), "--all", "--format", "json"]
    environ = {"UNDENY_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ) as child:
        assert child.stdout.readline().startswith(b"{")
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0


def test_a_message_of_unknown_wording_is_taken_by_its_signs(undeny):
    ran = undeny("explain", "Hostname/IP does not match certificate's altnames: Host: my.bucket.s3.amazonaws.com")
    assert "network" in ran.stdout
    assert undeny("explain", "the deploy went well today").returncode == 2


def test_can_says_what_an_unknown_action_should_have_been(undeny):
    ran = undeny("can", "arn:aws:iam::111122223333:user/a", "s3:GetObjects", "arn:aws:s3:::b/k")
    assert "did you mean `s3:GetObject`?" in ran.stderr
    assert ran.returncode == 4


def test_code_of_a_text_alone_is_called_a_proposal(undeny):
    ran = undeny("fix", SENTENCE, "--as", "terraform")
    assert ran.returncode == 0
    assert "warning[not-proved]" in ran.stderr


@pytest.mark.parametrize("columns", ["", "wide", "0"])
def test_a_width_that_is_no_number_is_passed_over(undeny, case, columns):
    ran = undeny("explain", case, environ={"COLUMNS": columns})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("denied[condition-mismatch]: ")
    assert max(map(len, ran.stdout.splitlines())) <= 100
