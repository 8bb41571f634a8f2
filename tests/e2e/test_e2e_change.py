"""Changes against the lab over HTTP: the matrix, Access Analyzer, watching, load, exports, the sandbox, names that have to be typed."""

import json
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from undeny import change
from undeny.calls.model import Request
from undeny.change.carrying import Way
from undeny.change.loading import Load
from undeny.change.store import Store
from undeny.evidence import unread
from undeny.evidence.scenario import Scenario
from undeny.evidence.scenario import write as written
from undeny.fix.model import Fix, PolicyEdit
from undeny.lab import Lab
from undeny.lab.organization import trust
from undeny.lab.worlds._furniture import delegate_reading
from undeny.prove.model import Proof, ProvenFix

REGIONS = ("eu-west-1", "us-east-1")
READS = {"Sid": "Reads", "Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": "*"}
NOT_THERE = {"Sid": "NotThere", "Effect": "Deny", "Action": "sqs:*", "Resource": "*",
             "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}  # fmt: skip


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture(scope="module")
def lab():
    with Lab() as running:
        yield running


@pytest.fixture(scope="module")
def accounts(lab):
    """Three accounts with roles App and Batch and a queue in two Regions; in the third, Batch is denied in one of them."""
    numbers = tuple(lab.add_account(name) for name in ("one", "two", "three"))
    for number in numbers:
        delegate_reading(lab, number)
        iam = lab.maker(number).client("iam")
        for role in ("App", "Batch"):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
            if (number, role) != (numbers[0], "App"):
                iam.put_role_policy(RoleName=role, PolicyName="Base", PolicyDocument=json.dumps(document(READS)))
        for region in REGIONS:
            lab.maker(number, region=region).client("sqs").create_queue(QueueName="jobs")
    lab.maker(numbers[2]).client("iam").put_role_policy(RoleName="Batch", PolicyName="Lock", PolicyDocument=json.dumps(document(NOT_THERE)))
    return numbers


def proven(edit, **more):
    told = {"id": "f", "title": "let App read the queue", "layer": edit.layer, "applicability": "machine_applicable"}
    return ProvenFix(fix=Fix(**told, changes=(edit,), **more), proofs=(Proof(obligation="suffices", holds=True, how="checked"),))


def request_of(account, action="sqs:GetQueueAttributes", resource=None, **more):
    url = {"QueueUrl": f"https://sqs.eu-west-1.amazonaws.com/{account}/jobs"}
    return Request(
        principal=f"arn:aws:iam::{account}:role/App",
        action=action,
        resource=resource or f"arn:aws:sqs:eu-west-1:{account}:jobs",
        resource_account=account,
        context={"aws:RequestedRegion": "eu-west-1", "aws:SourceIp": "203.0.113.9"},
        **({"parameters": url} | more),
    )


def saved(request):
    return written(Scenario(id="", request=request, evidence=unread(request), text=None, event=None))


@pytest.fixture
def world(lab, accounts, tmp_path, undeny):
    """The change that lets App of the first account read its queue, and the command with a profile for each account."""
    home = tmp_path / "home"
    home.mkdir()
    sections = {f"p{i}": lab.environ(lab.admin_arn(number)) for i, number in enumerate(accounts)}
    sections["caller"] = lab.environ(f"arn:aws:iam::{accounts[0]}:role/App")
    names = {
        "AWS_ACCESS_KEY_ID": "aws_access_key_id",
        "AWS_SECRET_ACCESS_KEY": "aws_secret_access_key",
        "AWS_SESSION_TOKEN": "aws_session_token",
    }
    lines = [f"[{name}]\n" + "".join(f"{names[k]} = {v}\n" for k, v in keys.items() if k in names) for name, keys in sections.items()]
    (tmp_path / "credentials").write_text("\n".join(lines))
    environ = {k: v for k, v in sections["p0"].items() if k not in names} | {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials")}
    request = request_of(accounts[0])
    edit = PolicyEdit(layer="identity", target=request.principal, policy="Added", before=None, after=document(READS))

    def run(*args, **more):
        return undeny(*args, environ=environ | more.pop("environ", {}), **more)

    def apply(edit=edit, request=request, **way):
        told = Way(request=request, scenario=saved(request), wait=lambda _: None, organization=True, **way)
        return change.carry_out(proven(edit), lab.admin(accounts[0]), Store(home), told)

    yield SimpleNamespace(run=run, apply=apply, home=home, request=request, edit=edit, store=Store(home))
    store = Store(home)
    for record in store.changes():
        if record.state != "rolled_back" and record.account == accounts[0]:
            change.roll_back(store, lab.admin(accounts[0]), record.id, force=True, way=Way(wait=lambda _: None, organization=True))


def test_one_cell_of_twelve_is_named_with_its_own_cause(world, accounts):
    done = world.apply()
    assert done.verification.verified == "allowed", done.verification
    args = [word for i in range(3) for word in ("--profile", f"p{i}")] + [word for r in REGIONS for word in ("--region", r)]
    ran = world.run("verify", done.record.id, *args, "--role", "App", "--role", "Batch", "--each-account")
    assert ran.returncode == 1, ran.stderr
    assert "sqs:GetQueueAttributes: still denied in 1 of 12" in ran.stdout
    assert ran.stdout.count("✗") == 2  # in the matrix, and with its cause below
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("✗")]
    assert f"{accounts[2]} Batch us-east-1 [identity-explicit-deny]" in line
    told = json.loads(
        world.run("verify", done.record.id, *args, "--role", "App", "--role", "Batch", "--each-account", "--format", "json").stdout
    )
    cells = told["matrix"]["cells"]
    assert len(cells) == 12
    assert [c["verification"]["verified"] for c in cells].count("allowed") == 11
    assert {c["verification"]["by"] for c in cells} == {"local evaluation"}


def test_the_very_call_is_repeated_where_its_caller_is_there(world):
    done = world.apply()
    ran = world.run("verify", done.record.id, "--profile", "p0", "--caller", "caller")
    assert ran.returncode == 0
    assert ran.stdout.startswith("allowed: repeated as sqs.get_queue_attributes")


def test_a_public_statement_planted_beside_the_fix_is_reported(lab, world, accounts):
    s3, analyzer = lab.admin(accounts[0]).client("s3"), lab.admin(accounts[0]).client("accessanalyzer")
    name = f"shared-{accounts[0]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    role = world.request.principal
    lets = {"Sid": "App", "Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    edit = PolicyEdit(layer="resource", target=f"arn:aws:s3:::{name}", policy=None, before=None, after=document(lets))
    request = request_of(accounts[0], "s3:GetObject", f"arn:aws:s3:::{name}/k", parameters={})
    off = world.apply(edit, request, analyze=True)
    assert off.analysis.enabled is False
    assert any("not on" in note for note in off.analysis.notes)
    change.roll_back(world.store, lab.admin(accounts[0]), way=Way(wait=lambda _: None))
    analyzer.create_analyzer(analyzerName="undeny", type="ACCOUNT")
    done = world.apply(edit, request, analyze=True, aws_checks=True)
    assert (done.analysis.enabled, done.analysis.new, done.analysis.before) == (True, (), True)
    assert [(check.check, check.holds) for check in done.analysis.checks] == [("no-new-access", False), ("no-public-access", True)]
    public = {"Sid": "Oops", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document(lets, public)))
    ran = world.run("verify", done.record.id, "--profile", "p0")
    assert ran.returncode == 1
    assert f"new: everybody may s3:GetObject on arn:aws:s3:::{name}" in " ".join(ran.stdout.split())
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document(lets)))
    assert "no access from outside, before and after" in world.run("verify", done.record.id, "--profile", "p0").stdout


WATCHING = """
import json, os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from undeny.change.store import Store
from undeny.change.watching import Mark, Sighting, Watcher
home, killed = Path(sys.argv[1]), float(sys.argv[2])
begun = datetime(2026, 11, 1, tzinfo=UTC)
hour = [float(sys.argv[3])]
watcher = Watcher(Store(home), clock=lambda: begun + timedelta(hours=hour[0]))
record = Store(home).change()
role = "arn:aws:iam::111122223333:role/App"
back = Sighting(event="e-30", time=begun + timedelta(hours=30), principal="arn:aws:sts::111122223333:assumed-role/App/s",
                action="sqs:SendMessage", resource="arn:aws:sqs:eu-west-1:111122223333:jobs")
other = Sighting(event="e-7", time=begun + timedelta(hours=7), principal="arn:aws:iam::111122223333:role/Other", action="sqs:SendMessage")
mark = Mark(principal=role, action="sqs:SendMessage", resource="arn:aws:sqs:eu-west-1:111122223333:jobs")
watch = watcher.begin(record, mark, timedelta(hours=48))
while not watch.over:
    if hour[0] >= killed:
        os.kill(os.getpid(), signal.SIGKILL)
    now = begun + timedelta(hours=hour[0])
    watch = watcher.look(record.id, lambda since: [one for one in (back, other) if since <= one.time <= now])
    if watch.fresh:
        watcher.told(record.id, watch.fresh)
        print("back", *[one.event for one in watch.fresh], flush=True)
    hour[0] += 0.25
print(json.dumps({"looks": watch.looks, "returned": [one.event for one in watch.returned]}))
"""


def test_a_denial_that_comes_back_at_hour_30_is_reported_once_though_the_program_was_killed_twice(tmp_path):
    store = Store(tmp_path)
    store.begin_change({"fix": {}, "account": "111122223333", "by": "x"})
    said = []
    for killed, begin in ((10, 0), (31, 12), (99, 33)):
        ran = subprocess.run(
            [sys.executable, "-c", WATCHING, str(tmp_path), str(killed), str(begin)], capture_output=True, text=True, check=False
        )
        assert ran.returncode == (-signal.SIGKILL if killed < 99 else 0), ran.stderr
        said += ran.stdout.splitlines()
    assert said[:-1] == ["back e-30"]
    told = json.loads(said[-1])
    assert told["returned"] == ["e-30"]
    assert told["looks"] > 150


def test_a_denial_in_event_history_is_told_once_by_cron(lab, world, accounts):
    done = world.apply()
    queue = f"{lab.endpoint_url}/{accounts[0]}/jobs"
    first = world.run("verify", done.record.id, "--for", "48h", "--once", "--profile", "p0")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "has not come back" in first.stdout
    lab.maker(accounts[0]).client("iam").delete_role_policy(RoleName="App", PolicyName="Added")
    with pytest.raises(ClientError):
        lab.session(f"arn:aws:iam::{accounts[0]}:role/App").client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    second = world.run("verify", done.record.id, "--once", "--profile", "p0")
    assert second.returncode == 1, second.stdout + second.stderr
    assert "the denial came back: 1 time" in second.stdout
    third = world.run("verify", done.record.id, "--once", "--profile", "p0")
    assert (third.returncode, third.stdout) == (0, "")
    lab.deliver_trail(world.home / "trail")
    world.apply()
    lab.maker(accounts[0]).client("iam").delete_role_policy(RoleName="App", PolicyName="Added")
    time.sleep(1.1)  # events have whole seconds: one of the second of the change itself may be from before it
    with pytest.raises(ClientError):
        lab.session(f"arn:aws:iam::{accounts[0]}:role/App").client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    lab.deliver_trail(world.home / "trail")
    files = world.run("verify", "--for", "48h", "--once", "--profile", "p0", "--trail", str(world.home / "trail"))
    assert files.returncode == 1, files.stdout + files.stderr
    assert "the denial came back: 1 time" in files.stdout


def test_a_load_counts_every_call_that_the_lab_saw(lab, world, accounts):
    world.apply()
    role = world.request.principal

    def seen():
        return sum(e["eventName"] == "GetQueueAttributes" for e in lab.trail.events)

    before = seen()
    how = Load(sessions=4, rate=20, seconds=1.5)
    loaded = change.load(world.request, lambda: lab.session(role), how)
    assert loaded.asked == seen() - before - 1  # the one that shows whether it can be repeated at all
    assert loaded.asked == loaded.allowed == loaded.cached.calls + loaded.fresh.calls
    assert loaded.error_rate == 0
    assert 4 <= loaded.asked <= 31
    assert loaded.cached.p50 <= loaded.cached.p99 <= loaded.cached.slowest


def test_a_load_names_the_cause_of_each_denial(lab, world, accounts):
    role = f"arn:aws:iam::{accounts[2]}:role/Batch"
    request = request_of(accounts[2], resource=f"arn:aws:sqs:us-east-1:{accounts[2]}:jobs")
    request = type(request)(**{f: getattr(request, f) for f in request.__struct_fields__} | {"principal": role})
    loaded = change.load(request, lambda: lab.session(role, region="us-east-1"), Load(sessions=2, rate=10, seconds=1))
    assert loaded.denied == loaded.asked > 0
    assert [one.cause for one in loaded.denials] == ["identity-explicit-deny"]


def test_what_is_touched_is_exported_first_and_kept_in_git(world, lab, accounts, tmp_path):
    repository = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    for key, value in (("user.name", "t"), ("user.email", "t@example.com")):
        subprocess.run(["git", "-C", str(repository), "config", key, value], check=True)
    lab.maker(accounts[0]).client("iam").put_role_policy(
        RoleName="App",
        PolicyName="Old",
        PolicyDocument='{ "Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}',
    )
    text = '{ "Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:*","Resource":"*"}]}'
    edit = PolicyEdit(layer="identity", target=world.request.principal, policy="Old", before=json.loads(text), after=document(READS))
    done = world.apply(edit, export=tmp_path / "exports", git=repository)
    told = json.loads((tmp_path / "exports" / done.record.id / "before" / "01-inline-policy-Old-of-role-App.json").read_text())
    assert told["text"] == text
    assert told["names"] == {"RoleName": "App", "PolicyName": "Old"}
    ran = world.run("rollback", done.record.id, "--profile", "p0", "--yes", "--export-git", str(repository))
    assert ran.returncode == 0, ran.stderr
    assert "the old verdict is back" in ran.stdout
    log = subprocess.run(["git", "-C", str(repository), "log", "--format=%s"], capture_output=True, text=True, check=True).stdout
    assert [line.partition(" c-")[0] for line in log.splitlines()] == [
        "Keep what stood before the rollback of", "Keep what stood after change", "Keep what stood before change",
    ]  # fmt: skip
    lab.maker(accounts[0]).client("iam").delete_role_policy(RoleName="App", PolicyName="Old")


def test_a_folder_that_is_no_repository_is_refused_before_anything_is_written(world, tmp_path):
    from undeny.errors import UndenyError

    with pytest.raises(UndenyError, match="no git repository"):
        world.apply(git=tmp_path)
    assert world.store.changes() == ()


def test_a_step_that_weakens_a_guard_wants_its_name(lab, world, accounts):
    iam = lab.maker(accounts[0]).client("iam")
    other = document(READS | {"Action": "sqs:SendMessage"})
    limit = iam.create_policy(PolicyName="Limit", PolicyDocument=json.dumps(other))["Policy"]["Arn"]
    iam.create_role(RoleName="Bounded", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"), PermissionsBoundary=limit)
    iam.put_role_policy(RoleName="Bounded", PolicyName="Base", PolicyDocument=json.dumps(document(READS)))
    queue = f"{lab.endpoint_url}/{accounts[0]}/jobs"
    role = f"arn:aws:iam::{accounts[0]}:role/Bounded"
    with pytest.raises(ClientError) as caught:
        lab.session(role).client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    told = ("--context", "aws:SourceIp=203.0.113.9", "--principal", role)
    explained = world.run("explain", str(caught.value), *told, "--profile", "p0")
    assert "boundary-missing-allow" in explained.stdout
    refused = world.run("apply", "--profile", "p0", "--yes")
    assert refused.returncode == 2
    assert "--yes-to Limit" in refused.stderr
    assert world.store.changes() == ()
    assert "asks       the name of each step" in refused.stdout
    wrong = world.run("apply", "--profile", "p0", "--yes", "--yes-to", "Other")
    assert (wrong.returncode, world.store.changes()) == (2, ())
    done = world.run("apply", "--profile", "p0", "--yes", "--yes-to", "Limit")
    assert done.returncode == 0, done.stdout + done.stderr
    lab.session(role).client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])


def test_a_change_that_was_cut_off_is_gone_on_with_by_the_command(lab, world, accounts):
    class Cut(BaseException):
        """The program ends here."""

    class CutStore(Store):
        def intend(self, *_args, **_kwargs):
            raise Cut

    way = Way(request=world.request, scenario=saved(world.request), wait=lambda _: None)
    with pytest.raises(Cut):
        change.carry_out(proven(world.edit), lab.admin(accounts[0]), CutStore(world.home), way)
    dry = world.run("apply", "--resume", "--profile", "p0")
    assert (dry.returncode, world.store.change().state) == (0, "applying")
    ran = world.run("apply", "--resume", "--profile", "p0", "--yes")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert world.store.change().state == "in_force"
    again = world.run("apply", "--resume", "--profile", "p0", "--yes")
    assert again.returncode == 2
    assert "nothing to go on with" in again.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--for", "soon"), "no span of time"),
        (("--for", "90d"), "at most 14 days"),
        (("--load",), "its own caller"),
        (("--load", "--caller", "caller", "--sessions", "5000"), "5000 sessions is not between 1 and 200"),
        (("--once",), "is not watched"),
    ],
)
def test_a_wrong_wish_is_told_in_one_line(world, args, said):
    world.apply()
    ran = world.run("verify", *args, "--profile", "p0") if "--load" not in args else world.run("verify", *args)
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_sandbox_is_walked_first_and_a_failure_there_stops_it(lab, world, accounts):
    from undeny.errors import UndenyError

    sandbox = lab.admin(accounts[1])
    lab.maker(accounts[1]).client("iam").delete_role_policy(RoleName="App", PolicyName="Base")
    way = Way(request=world.request, wait=lambda _: None)
    names = {accounts[0]: accounts[1]}
    walked = change.walk_in_sandbox(proven(world.edit), sandbox, world.store, way, names)
    assert walked.applied.verification.verified == "allowed"
    assert (walked.undone.record.state, walked.undone.verification.verified) == ("rolled_back", "denied")
    assert lab.maker(accounts[1]).client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []
    useless = PolicyEdit(
        layer="identity", target=world.request.principal, policy="Added", before=None, after=document(READS | {"Action": "s3:*"})
    )
    with pytest.raises(UndenyError) as caught:
        change.walk_in_sandbox(proven(useless), sandbox, world.store, way, names)
    assert caught.value.code == "sandbox-failed"
    assert lab.maker(accounts[1]).client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []
    lab.maker(accounts[1]).client("iam").put_role_policy(RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(READS)))


def test_the_command_walks_the_sandbox_and_then_the_account_itself(lab, world, accounts):
    queue = f"{lab.endpoint_url}/{accounts[0]}/jobs"
    with pytest.raises(ClientError) as caught:
        lab.session(world.request.principal).client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    told = ("--context", "aws:SourceIp=203.0.113.9", "--principal", world.request.principal)
    assert world.run("explain", str(caught.value), *told, "--profile", "p0").returncode == 0
    same = world.run("apply", "--profile", "p0", "--yes", "--sandbox", "p0")
    assert (same.returncode, world.store.changes()) == (2, ())
    failed = world.run("apply", "--profile", "p0", "--yes", "--sandbox", "p1")  # App may read the queue there already
    assert failed.returncode == 1, failed.stdout
    assert "nothing was carried out elsewhere" in failed.stderr
    assert lab.maker(accounts[0]).client("iam").list_role_policies(RoleName="App")["PolicyNames"] == []
    iam = lab.maker(accounts[1]).client("iam")
    iam.delete_role_policy(RoleName="App", PolicyName="Base")
    done = world.run("apply", "--profile", "p0", "--yes", "--sandbox", "p1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"sandbox    account {accounts[1]}: applied, allowed, rolled back" in done.stdout
    assert [record.account for record in world.store.changes()[:2]] == [accounts[0], accounts[1]]
    iam.put_role_policy(RoleName="App", PolicyName="Base", PolicyDocument=json.dumps(document(READS)))


def test_the_simulator_is_asked_only_of_what_it_gets_right(lab, accounts):
    from undeny.aws import simulate

    reader = lab.admin(accounts[1])
    fine = simulate.simulate(
        lab.admin("outside"),
        Request(principal=f"arn:aws:iam::{lab.account['outside']}:user/admin", action="ec2:DescribeRegions", resource="*"),
    )
    assert fine.outcome == "allowed", fine.why
    trust_ = Request(
        principal=f"arn:aws:iam::{accounts[1]}:role/App", action="sts:AssumeRole", resource=f"arn:aws:iam::{accounts[1]}:role/B"
    )
    assert simulate.simulate(reader, trust_).outcome == "not_asked"
    assert "trust" in simulate.simulate(reader, trust_).why
