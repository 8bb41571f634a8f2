"""`undeny network` as users run it: over a snapshot, and against the lab with a reader who may not read everything."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generators.networks import two_tiers
from undeny.evidence import network
from undeny.lab import Lab

GUARD = str(Path(__file__).parent / "guard")
TIMEOUT = 'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sts.eu-west-1.amazonaws.com/"'


@pytest.fixture
def snapshot(tmp_path):
    net = two_tiers(routes=[]).function("fn", ["subnet-public"], "sg-app")
    network.write(tmp_path / "net", (net.network(),))
    return str(tmp_path / "net")


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (("--from", "i-web", "--to", "s3"), 0, "open: i-web → s3:443 is open, by igw-1"),
        (("--from", "i-app", "--to", "s3"), 1, "blocked[network-route]: i-app → s3:443 is blocked"),
        (("--from", "i-web", "--to", "db.internal:5432"), 4, "unknown: i-web → db.internal:5432 is not decided"),
    ],
)
def test_the_exit_status_and_the_first_line_say_the_same(undeny, snapshot, args, status, says):
    ran = undeny("network", *args, "--evidence", snapshot, environ={"PYTHONPATH": GUARD})
    assert ran.returncode == status, ran.stderr
    assert ran.stdout.startswith(says)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--to", "s3"), "error[usage]: --from is missing"),
        (("--from", "i-app"), "error[usage]: --to is missing"),
        (("--from", "i-none", "--to", "s3"), "error[no-such-source]: nothing called `i-none` was read"),
        (("--from", "i-app", "--to", "a:b"), "error[usage]: `b` is no port"),
        (("--from", "i-app", "--to", "s3", "--resolve", "x"), "error[usage]: `--resolve x` is not NAME=ADDRESS"),
        (("--from", "i-app", "--to", "s3", "--port", "0"), "error[usage]:"),
        (("--from", "i-app", "--to", "s3", "--analyzer"), "error["),
    ],
)
def test_a_wrong_call_is_one_clear_line(undeny, snapshot, args, says):
    ran = undeny("network", *args, "--evidence", snapshot, environ={"PYTHONPATH": GUARD})
    assert ran.returncode in (2, 4)
    assert ran.stderr.startswith(says)
    assert "Traceback" not in ran.stderr


def test_without_evidence_nothing_is_asked(undeny):
    ran = undeny("network", "--from", "i-1", "--to", "s3", environ={"PYTHONPATH": GUARD})
    assert ran.returncode == 4
    assert "--plan lists what would be read" in ran.stderr


def test_a_folder_without_a_network_is_said(undeny, tmp_path):
    ran = undeny("network", "--from", "i-1", "--to", "s3", "--evidence", str(tmp_path))
    assert "holds no network" in ran.stderr


def test_a_timeout_is_explained_by_its_path(undeny, snapshot):
    ran = undeny("explain", TIMEOUT, "--from", "fn", "--evidence", snapshot, "--format", "json", environ={"PYTHONPATH": GUARD})
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert (found["bucket"], found["cause"]["code"], found["cause"]["certainty"]) == ("network", "network-route", "proven")
    assert found["path"]["paths"][0]["hops"]
    assert {proof["obligation"]: proof["holds"] for proof in found["fixes"][0]["proofs"]}["suffices"] is True
    assert "network-security-group" in {one["code"] for one in found["ruled_out"]}
    assert any(command.startswith("undeny network --from fn") for command in found["next_commands"])


def test_a_path_is_not_walked_for_a_call_that_aws_answered(undeny, snapshot):
    text = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied (HTTP status 403, request id 7F2KQ0XWJ8Q9ABCD)"
    ran = undeny("explain", text, "--from", "fn", "--evidence", snapshot, "--action", "s3:PutObject", "--format", "json")
    if ran.stdout:
        assert json.loads(ran.stdout)["bucket"] != "network"


def test_the_path_that_is_open_is_never_called_a_network_block(undeny, tmp_path):
    network.write(tmp_path / "net", (two_tiers().network(),))
    ran = undeny("explain", TIMEOUT, "--from", "i-app", "--evidence", str(tmp_path / "net"), "--format", "json")
    found = json.loads(ran.stdout)
    assert found["cause"]["code"] == "network-unreachable"
    assert "AWS's settings let it through" in found["cause"]["summary"]


@pytest.fixture(scope="module")
def place():
    """A lab with an instance's interface in a private subnet without a way out, and a reader who may list all but NAT gateways."""
    with Lab() as lab:
        account = lab.add_account("net")
        ec2, iam = lab.admin(account).client("ec2"), lab.admin(account).client("iam")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        eni = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
        iam.create_user(UserName="reader")
        rules = [
            {"Effect": "Allow", "Action": ["ec2:Describe*", "ec2:Get*", "ec2:Search*", "lambda:Get*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "ec2:DescribeNatGateways", "Resource": "*"},
        ]
        iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": rules}))
        yield lab, eni, lab.environ(f"arn:aws:iam::{account}:user/reader")


def test_live_reads_the_lab_alone_and_keeps_what_it_read(undeny, place, tmp_path):
    lab, eni, keys = place
    address = urlsplit(lab.endpoint_url)
    environ = {**keys, "PYTHONPATH": GUARD, "TEST_ALLOWED_ADDRESS": f"{address.hostname}:{address.port}"}
    folder = str(tmp_path / "kept")
    ran = undeny("network", "--from", eni, "--to", "s3", "--live", "--out", folder, "--format", "json", environ=environ)
    assert ran.returncode == 1, ran.stderr
    found = json.loads(ran.stdout)
    assert found["code"] == "network-route"
    assert found["changes"][0]["steps"][0]["operation"] == "ec2:CreateVpcEndpoint"
    again = undeny("network", "--from", eni, "--to", "s3", "--evidence", folder, "--format", "json", environ={"PYTHONPATH": GUARD})
    assert json.loads(again.stdout) == found
    gap = json.loads(next(Path(folder).glob("accounts/*/network/*/NatGateways.json")).read_text())["gap"]
    assert gap["permission"] == "ec2:DescribeNatGateways"
