"""`undeny find` and `undeny whoami` as users run them: on files, on a trail's bucket, on event history, over HTTP against the lab."""

import contextlib
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from undeny.lab import Lab, worlds
from undeny.lab.organization import trust
from undeny.lab.worlds import Story


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def stories(lab: Lab) -> dict[str, Story]:
    found = {story.title: story for story in (world.seed(lab) for world in worlds.load_all())}
    for story in found.values():
        for _ in range(2):
            with contextlib.suppress(ClientError):
                story.call()
    return found


@pytest.fixture(scope="module")
def trail(lab: Lab, stories: dict[str, Story], tmp_path_factory):
    folder = tmp_path_factory.mktemp("trail")
    lab.deliver_trail(folder)
    return folder


def _groups(ran) -> list[dict]:
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_folder_of_trail_files_comes_to_groups_by_who_what_and_cause(undeny, trail, stories):
    groups = _groups(undeny("find", str(trail), "--format", "json"))
    told = {(g["who"], g["what"], g["cause"], g["denials"]) for g in groups}
    assert (stories["Nobody allowed it"].principal, "s3:GetObject", "identity-missing-allow", 2) in told
    assert (stories["The organisation forbids it"].principal, "sqs:CreateQueue", "scp-explicit-deny", 2) in told
    missing = next(g for g in groups if g["who"] == stories["Nobody allowed it"].principal and g["what"] == "s3:GetObject")
    assert missing["on"] == stories["Nobody allowed it"].resource
    assert len(missing["event_ids"]) == len(missing["request_ids"]) == 2
    assert missing["first"] <= missing["last"]
    assert missing["sample"]["event_id"] == missing["event_ids"][0]
    assert [g["last"] for g in groups] == sorted((g["last"] for g in groups), reverse=True)


def test_the_screen_answers_in_its_first_line_and_its_next_command_works(undeny, trail):
    ran = undeny("find", str(trail))
    lines = ran.stdout.splitlines()
    assert " denials · " in lines[0]
    assert lines[0].split(" events")[0].replace(",", "").isdigit()
    assert "━" not in ran.stdout + ran.stderr
    following = next(line for line in lines if line.startswith("next  undeny ")).removeprefix("next  undeny ").split()
    again = undeny(*following)
    assert again.returncode == 0, again.stderr
    assert "denied[" in again.stdout


def test_the_trails_bucket_is_read_through_s3(undeny, lab, trail, stories):
    environ = lab.environ(lab.admin_arn("audit"))
    account = stories["Nobody allowed it"].account
    everything = _groups(undeny("find", f"s3://{lab.trail_bucket}/", "--format", "json", environ=environ))
    lately = _groups(
        undeny(
            "find",
            f"s3://{lab.trail_bucket}/AWSLogs/{account}/",
            "--since",
            "1h",
            "--name",
            "s3:GetObject",
            "--format",
            "json",
            environ=environ,
        )
    )
    assert {g["cause"] for g in everything} >= {"identity-missing-allow", "scp-explicit-deny"}
    assert [(g["what"], g["denials"]) for g in lately] == [("s3:GetObject", 2)]


def test_a_bucket_that_may_not_be_listed_is_named_with_its_permission(undeny, lab, stories):
    ran = undeny("find", f"s3://{lab.trail_bucket}/", environ=dict(stories["Nobody allowed it"].reader))
    assert ran.returncode == 3
    assert "error[read-denied]" in ran.stderr
    assert "s3:ListBucket" in ran.stderr


def test_event_history_is_asked_in_the_own_region_and_in_that_of_global_services_and_says_what_it_never_holds(undeny, lab, stories):
    story = stories["Two accounts, two owners"]
    ran = undeny("find", "--live", "--format", "json", environ=dict(story.reader))
    (group,) = [g for g in _groups(ran) if g["what"] == "kms:Decrypt"]
    assert group["who"] == story.principal
    assert "never holds data events" in ran.stderr
    assert "proves nothing" in ran.stderr
    lab.admin(story.account).client("iam")
    with contextlib.suppress(ClientError):
        lab.session(story.principal).client("iam").create_user(UserName="made")
    made = _groups(undeny("find", "--live", "--name", "CreateUser", "--format", "json", environ=dict(story.reader)))
    assert [(g["what"], g["sample"]["region"]) for g in made] == [("iam:CreateUser", "us-east-1")]


def test_what_undeny_itself_was_refused_is_no_denial_that_anyone_looks_for(undeny, lab, stories):
    story = stories["Two accounts, two owners"]
    config = Config(user_agent="undeny/0.0.0", retries={"max_attempts": 0})
    with pytest.raises(ClientError):
        lab.session(story.principal).client("sqs", config=config).list_queues()
    assert lab.trail.events[-1]["userAgent"].startswith("undeny/")
    groups = _groups(undeny("find", "--live", "--format", "json", environ=dict(story.reader)))
    assert groups
    assert "sqs:ListQueues" not in {group["what"] for group in groups}


def test_a_region_that_refuses_is_a_problem_and_the_other_is_still_told(undeny, stories):
    story = stories["The organisation forbids it"]
    ran = undeny("find", "--live", environ=dict(story.reader))
    assert ran.returncode == 3
    assert "event history in us-east-1` may not be read" in ran.stderr
    assert "cloudtrail:LookupEvents" in ran.stderr
    assert " events · " in ran.stdout


def test_each_group_is_explained_over_the_policies_with_live(undeny, trail, stories):
    story = stories["Nobody allowed it"]
    ran = undeny("find", str(trail), "--principal", story.principal, "--live", "--explain", "--format", "json", environ=dict(story.reader))
    (group,) = [g for g in _groups(ran) if g["what"] == "s3:GetObject"]
    assert (group["cause"], group["certainty"]) == ("identity-missing-allow", "proven")
    assert group["explanation"]["fixes"]
    assert all(proof["holds"] for proof in group["explanation"]["fixes"][0]["proofs"])
    assert undeny("fix", group["explanation"]["id"]).returncode == 0


def test_one_id_finds_one_call_and_says_when_it_was_not_refused(undeny, lab, trail, stories):
    groups = _groups(undeny("find", str(trail), "--format", "json"))
    wanted = groups[0]["request_ids"][0]
    (found,) = _groups(undeny("find", str(trail), "--request-id", wanted, "--format", "json"))
    assert (found["denials"], found["request_ids"]) == (1, [wanted])
    good = next(event for event in lab.trail.events if "errorCode" not in event and event["managementEvent"])
    lab.deliver_trail(trail)
    ran = undeny("find", str(trail), "--event-id", good["eventID"])
    assert "no denials" in ran.stdout
    assert f"the call was not refused: {good['eventName']}" in ran.stdout


def test_a_broken_file_is_reported_and_never_stops_the_scan(undeny, trail, tmp_path):
    folder = tmp_path / "some"
    folder.mkdir()
    for number, path in enumerate(sorted(trail.rglob("*.json.gz"))):
        (folder / f"{number}.json.gz").write_bytes(path.read_bytes())
    whole = _groups(undeny("find", str(folder), "--format", "json"))
    (folder / "cut.json.gz").write_bytes((folder / "0.json.gz").read_bytes()[:-40])
    (folder / "empty.json").write_bytes(b"")
    (folder / "noise.json.gz").write_bytes(gzip.compress(bytes(range(256)) * 8))
    ran = undeny("find", str(folder), "--format", "json")
    assert ran.returncode == 2
    assert {g["what"] for g in whole} == {g["what"] for g in json.loads(ran.stdout)}
    for name in ("cut.json.gz", "empty.json", "noise.json.gz"):
        assert name in ran.stderr


def test_what_was_seen_is_saved_with_the_day_on_which_aws_forgets_it(undeny, trail, tmp_path):
    from undeny.change.seen import SeenRequests

    groups = _groups(undeny("find", str(trail), "--format", "json"))
    kept = SeenRequests(tmp_path / "home").all()
    assert {one.request_id for one in kept} == {i for g in groups for i in g["request_ids"]}
    assert all((one.expires - one.time).days == 90 for one in kept)


def test_what_explain_saw_is_saved_too_and_narrows_a_later_search_by_request_id(undeny, lab, tmp_path):
    account = lab.account["audit"]
    role = (
        lab.maker(account).client("iam").create_role(RoleName="Nobody", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))["Role"]["Arn"]
    )
    with pytest.raises(ClientError):
        lab.session(role).client("iam").list_users()
    event = next(e for e in lab.trail.history(account, "us-east-1") if e["eventName"] == "ListUsers")
    (tmp_path / "event.json").write_text(json.dumps(event))
    assert undeny("explain", str(tmp_path / "event.json")).returncode == 0
    made = lab.credentials(f"arn:aws:iam::{account}:user/admin")
    keys = {"AWS_ACCESS_KEY_ID": made.access_key, "AWS_SECRET_ACCESS_KEY": made.secret_key, "AWS_ENDPOINT_URL": lab.endpoint_url}
    found = undeny("find", "--live", "--request-id", event["requestID"], "--format", "json", environ=keys | {"AWS_REGION": "eu-west-1"})
    assert [one["request_ids"] for one in _groups(found)] == [[event["requestID"]]]
    since = datetime.fromisoformat(found.stderr.partition("event history since ")[2][:16]).replace(tzinfo=UTC)
    assert datetime.fromisoformat(event["eventTime"]) - since < timedelta(minutes=31)  # around the saved time, not a whole day


def test_a_data_event_is_said_not_to_be_in_event_history(undeny, stories):
    ran = undeny("find", "--live", "--name", "GetObject", environ=stories["Nobody allowed it"].reader)
    said = " ".join((ran.stdout + ran.stderr).split())
    assert "event history cannot hold GetObject: it is a data event of s3" in said
    assert "undeny find s3://TRAIL-BUCKET/AWSLogs/ --name GetObject" in said


def test_trail_files_tell_an_explanation_what_was_changed_before(undeny, lab, stories, trail, tmp_path):
    story = stories["The organisation forbids it"]
    event = next(e for e in reversed(lab.trail.history(story.account, "us-east-1")) if e["eventName"] == "CreateQueue")
    changed = {
        **event, "eventName": "PutRolePolicy", "eventSource": "iam.amazonaws.com", "readOnly": False, "eventID": "x",
        "requestParameters": {"roleName": "Deploy", "policyName": "DeployQueues"}, "errorCode": None, "errorMessage": None,
    }  # fmt: skip
    (tmp_path / "trail.json").write_text(json.dumps({"Records": [changed, event]}, separators=(",", ":")))
    (tmp_path / "event.json").write_text(json.dumps(event))
    ran = undeny("explain", str(tmp_path / "event.json"), "--trail", str(tmp_path / "trail.json"), "--format", "json")
    assert [(one["event"], one["on"]) for one in json.loads(ran.stdout)["changed_lately"]] == [("PutRolePolicy", "DeployQueues of Deploy")]
    assert "PutRolePolicy" in undeny("explain", str(tmp_path / "event.json"), "--trail", str(tmp_path / "trail.json")).stdout


def test_find_asks_nothing_of_aws_unless_told(undeny):
    ran = undeny("find", environ={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert ran.returncode == 2
    assert "--live" in ran.stderr


def test_a_path_that_is_not_there_is_said(undeny):
    ran = undeny("find", "nowhere/at-all")
    assert (ran.returncode, "error[no-such-file]" in ran.stderr) == (2, True)


def test_whoami_says_who_from_where_and_until_when(undeny, lab, stories):
    story = stories["Nobody allowed it"]
    told = json.loads(undeny("whoami", "--format", "json", environ=dict(story.reader)).stdout)
    assert told["arn"].startswith(f"arn:aws:sts::{story.account}:assumed-role/UndenyReader/")
    assert (told["account"], told["method"], told["temporary"], told["region"]) == (story.account, "env", True, lab.region)
    assert abs(told["clock_offset"]) <= 2
    shown = undeny("whoami", environ=dict(story.owners[story.account])).stdout
    assert shown.splitlines()[0].startswith("user ")
    assert "a long-term key" in shown


def test_whoami_names_the_profile(undeny, lab, stories, tmp_path):
    keys = dict(stories["Nobody allowed it"].reader)
    file = tmp_path / "credentials"
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    file.write_text("[dev]\n" + "".join(f"{name.lower()} = {keys[name]}\n" for name in names if name in keys), "utf-8")
    environ = {name: value for name, value in keys.items() if name not in names} | {"AWS_SHARED_CREDENTIALS_FILE": str(file)}
    told = json.loads(undeny("whoami", "--profile", "dev", "--format", "json", environ=environ).stdout)
    assert (told["profile"], told["method"]) == ("dev", "shared-credentials-file")


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "no-credentials"),
        ({"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wrong"}, "invalid-token"),
        (
            {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wrong", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            "network-unreachable",
        ),
    ],
)
def test_whoami_says_plainly_why_it_does_not_know(undeny, lab, environ, code):
    ran = undeny("whoami", environ={"AWS_ENDPOINT_URL": lab.endpoint_url, "AWS_REGION": lab.region} | environ)
    assert ran.returncode == 3
    assert f"error[{code}]" in ran.stderr
    assert "region  eu-west-1" in ran.stdout  # what this machine itself tells is said all the same


def test_the_help_screen_stays_on_one_screen_with_find_third(undeny):
    lines = undeny("--help").stdout.splitlines()
    assert len(lines) <= 24
    commands = [line.split()[0] for line in lines if line.startswith("  ")]
    assert commands[:3] == ["run", "explain", "find"]


@pytest.mark.parametrize("engine", ["athena", "lake"])
def test_the_same_question_is_written_as_sql_without_asking_anything(undeny, engine):
    ran = undeny("find", "--as-sql", engine, "--since", "7d", "--name", "s3:PutObject", "--principal", "O'Neil")
    assert ran.returncode == 0
    assert "SELECT" in ran.stdout
    assert "'O''Neil'" in ran.stdout
    assert "has not run it" in ran.stdout


def test_scanning_files_loads_no_boto3(trail, tmp_path):
    code = (
        "import sys\n"
        "from undeny.ui.cli.main import main\n"
        "try:\n"
        f"    main(['find', {str(trail)!r}, '--format', 'json'])\n"
        "except SystemExit as done:\n"
        "    print('LOADED', done.code, *[name for name in ('boto3', 'botocore', 'undeny.aws', 'undeny.lab') if name in sys.modules])\n"
    )
    environ = {"PATH": os.environ["PATH"], "UNDENY_HOME": str(tmp_path / "home")}
    ran = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.split("LOADED ")[1].split() == ["0"]


def test_the_lab_could_answer_everything_that_find_asked(lab, stories):
    assert stories
    assert lab.gate.faults == []
