"""The commands against the lab over HTTP: what is asked, of whom, and that everything can be undone."""

import json
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from undeny.lab import Lab, worlds

GUARD = str(Path(__file__).parent / "guard")
SENTENCE = (
    "User: arn:aws:sts::111122223333:assumed-role/App/i-0abc is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k "
    "because no identity-based policy allows the s3:GetObject action"
)


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        yield running


@pytest.fixture(scope="module")
def story(lab):
    return next(iter(worlds.load_all())).seed(lab)


@pytest.fixture
def denial(story):
    with pytest.raises(Exception, match="AccessDenied") as caught:
        story.call()
    return str(caught.value)


@pytest.fixture
def live(undeny, lab, story):
    """Run the command as the story's reader or owner; a connection to anything but the lab ends it with status 99."""

    def run(*args, who="reader", **more):
        keys = story.reader if who == "reader" else story.owners[story.account]
        address = urlsplit(lab.endpoint_url)
        environ = {**keys, "PYTHONPATH": GUARD, "TEST_ALLOWED_ADDRESS": f"{address.hostname}:{address.port}"}
        return undeny(*args, environ=environ | more.pop("environ", {}), **more)

    return run


def test_the_guard_bites(undeny):
    keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x" * 40, "AWS_REGION": "eu-west-1"}
    ran = undeny("explain", "--live", SENTENCE, environ={**keys, "PYTHONPATH": GUARD})
    assert ran.returncode == 99
    assert "amazonaws.com:443" in ran.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("explain", SENTENCE),
        ("explain", "--format", "json", SENTENCE),
        ("parse", SENTENCE),
        ("fix", SENTENCE),
        ("codes",),
        ("can", "arn:aws:iam::111122223333:user/a", "s3:GetObject", "arn:aws:s3:::b/k"),
        ("reader-policy",),
        ("explain", "--live", "--plan", SENTENCE),
        ("check", "no-public-access", "{}"),
        ("help", "all"),
    ],
)
def test_nothing_at_all_is_contacted_without_live_or_profile(undeny, args):
    keys = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x" * 40, "AWS_REGION": "eu-west-1"}
    ran = undeny(*args, environ={**keys, "PYTHONPATH": GUARD})
    assert ran.returncode != 99, ran.stderr
    assert "GUARD" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_live_asks_the_lab_alone_and_proves_the_cause(live, denial):
    ran = live("explain", "--live", "--format", "json", denial)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["cause"]["code"], found["cause"]["certainty"]) == ("identity-missing-allow", "proven")
    proofs = {proof["obligation"]: proof["holds"] for proof in found["fixes"][0]["proofs"]}
    assert proofs == dict.fromkeys(["suffices", "needed", "nothing_else", "no_guard_weakened", "well_formed"], True)


def test_the_commands_that_a_live_page_suggests_work_as_printed(live, denial):
    shown = json.loads(live("explain", "--live", "--format", "json", denial).stdout)["next_commands"]
    assert any("plan" in command for command in shown)
    for command in shown:
        ran = live(*shlex.split(command)[1:], who="owner")
        assert ran.returncode == 0, (command, ran.stderr)


def test_a_text_with_who_and_what_is_settled_by_the_command_that_its_page_suggests(live, denial):
    shown = json.loads(live("explain", "--format", "json", denial).stdout)["next_commands"]
    command = next(one for one in shown if "--live" in one)
    ran = live(*shlex.split(command)[1:])
    assert ran.returncode == 0
    assert "proven" in ran.stdout.splitlines()[1] + ran.stdout.splitlines()[2]


def test_a_snapshot_gives_the_same_answer_without_asking(live, denial, tmp_path):
    folder = str(tmp_path / "snapshot")
    assert live("collect", "--out", folder, denial).returncode == 0
    ran = live("explain", "--evidence", folder, "--format", "json", denial, environ={"TEST_ALLOWED_ADDRESS": ""})
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["cause"]["code"], found["cause"]["certainty"]) == ("identity-missing-allow", "proven")


def test_a_read_that_is_refused_is_named_with_the_one_permission_that_would_let_it(live, story, lab, denial):
    maker = lab.maker(story.account).client("iam")
    held = maker.get_role_policy(RoleName="UndenyReader", PolicyName="UndenyReads")["PolicyDocument"]
    less = json.loads(json.dumps(held).replace("s3:GetBucketPolicy", "s3:GetBucketTagging"))
    maker.put_role_policy(RoleName="UndenyReader", PolicyName="UndenyReads", PolicyDocument=json.dumps(less))
    try:
        found = json.loads(live("explain", "--live", "--format", "json", denial).stdout)
    finally:
        maker.put_role_policy(RoleName="UndenyReader", PolicyName="UndenyReads", PolicyDocument=json.dumps(held))
    assert found["verdict"]["layers"]["resource"] == "unknown"
    assert found["cause"]["certainty"] != "proven"
    assert any("s3:GetBucketPolicy" in missing["how"] for missing in found["missing_evidence"])


def test_apply_in_a_pipe_is_a_dry_run_and_read_only_refuses(live, denial, story):
    assert live("explain", "--live", denial).returncode == 0
    dry = live("apply", who="owner")
    assert dry.returncode == 0
    assert "dry run" in dry.stdout
    refused = live("apply", "--yes", who="owner", environ={"UNDENY_READ_ONLY": "1"})
    assert refused.returncode == 2
    assert "UNDENY_READ_ONLY" in refused.stderr
    with pytest.raises(Exception, match="AccessDenied"):
        story.call()


def test_a_change_is_carried_out_told_and_undone_to_the_byte(live, denial, story, lab):
    maker = boto3_text(lab, story)
    before = maker()
    assert live("explain", "--live", denial).returncode == 0
    applied = json.loads(live("apply", "--yes", "--format", "json", who="owner").stdout)
    change = applied["record"]["id"]
    story.call()
    assert live("apply", "--yes", who="owner").returncode != 0, "what is applied is not applied again"
    page = live("runbook", change).stdout
    assert page.startswith("# ")
    assert f"undeny rollback {change}" in page
    assert live("rollback", change, "--yes", who="owner").returncode == 0
    assert maker() == before
    with pytest.raises(Exception, match="AccessDenied"):
        story.call()
    again = live("rollback", change, "--yes", who="owner")
    assert again.returncode == 2
    assert "already" in again.stderr


def test_rollback_refuses_where_somebody_changed_it_since(live, denial, story, lab):
    assert live("explain", "--live", denial).returncode == 0
    change = json.loads(live("apply", "--yes", "--format", "json", who="owner").stdout)["record"]["id"]
    maker = lab.maker(story.account).client("iam")
    name = maker.list_role_policies(RoleName="App")["PolicyNames"][0]
    other = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
    maker.put_role_policy(RoleName="App", PolicyName=name, PolicyDocument=json.dumps(other))
    ran = live("rollback", change, "--yes", who="owner")
    assert ran.returncode != 0
    assert "changed since" in ran.stderr
    assert live("rollback", change, "--yes", "--force", who="owner").returncode == 0


def test_the_wrong_accounts_credentials_are_told(undeny, live, denial, lab):
    assert live("explain", "--live", denial).returncode == 0
    ran = live("apply", "--yes", environ=lab.environ(lab.admin_arn(lab.account["data"])))
    assert ran.returncode == 2
    assert "error[wrong-account]" in ran.stderr


def boto3_text(lab, story):
    """Give a reader of the role's inline policy, byte for byte."""
    keys = story.owners[story.account]
    client = boto3.client(
        "iam",
        endpoint_url=lab.endpoint_url,
        region_name=story.region,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=keys.get("AWS_SESSION_TOKEN"),
    )
    from botocore.handlers import json_decode_policies

    client.meta.events.unregister("after-call.iam", json_decode_policies)
    name = client.list_role_policies(RoleName="App")["PolicyNames"][0]
    return lambda: client.get_role_policy(RoleName="App", PolicyName=name)["PolicyDocument"]


def test_a_whole_account_is_kept_and_asked_who_may(live, denial, story, tmp_path):
    folder = str(tmp_path / "account")
    ran = live("collect", "--account", "--out", folder, who="owner")
    assert ran.returncode == 0, ran.stderr
    listing = story.resource.partition("/")[0]
    found = json.loads(
        live("who-can", "s3:ListBucket", listing, "--evidence", folder, "--format", "json", environ={"TEST_ALLOWED_ADDRESS": ""}).stdout
    )
    names = {one["principal"].rpartition("/")[2]: one["decision"] for one in found}
    assert names["App"] == "allowed"
    reading = json.loads(live("who-can", "s3:GetObject", story.resource, "--evidence", folder, "--format", "json").stdout)
    assert "App" not in {one["principal"].rpartition("/")[2] for one in reading}


def test_an_alarm_says_what_it_could_not_read_and_is_written_all_the_same(live, denial):
    assert live("explain", denial).returncode == 0
    ran = live("guard", "alarm", "--live")
    assert ran.returncode == 0
    assert "cloudtrail:DescribeTrails" in ran.stdout
    assert "eu-west-1" in ran.stdout
