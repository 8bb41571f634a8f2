"""The remediation function against a local stand-in for AWS: what it changes, what it refuses, how often, and what it says of it."""

import json
import subprocess
import sys
from pathlib import Path

import boto3
import hcl2
import msgspec
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner
from moto import mock_aws

from mocked import set_environment
from undeny import catalog
from undeny.emit import iac
from undeny.fix.model import Fix, PolicyEdit

ACCOUNT, REGION = "123456789012", "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
NEW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}]}
OTHER = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/other"}]}
EDIT = PolicyEdit(layer="identity", target=f"arn:aws:iam::{ACCOUNT}:role/App", policy="undeny-s3-GetObject", before=None, after=NEW)
FIX = Fix(id="f-1", title="let App read", layer="l", applicability="machine_applicable", changes=(EDIT,))
ALARM = {
    "source": "aws.cloudwatch",
    "alarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:undeny-s3-GetObject-App",
    "accountId": ACCOUNT,
    "alarmData": {"alarmName": "undeny-s3-GetObject-App", "state": {"value": "ALARM"}, "previousState": {"value": "OK"}},
    "region": REGION,
}
"""As CloudWatch sends it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html"""
GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*/fix.json"))


@pytest.fixture
def account(monkeypatch):
    set_environment(monkeypatch)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("TABLE", "slots")
    monkeypatch.setenv("MAX_PER_HOUR", "3")
    with mock_aws():
        template = json.loads(iac.render("lambda-cloudformation", FIX))
        boto3.client("dynamodb", REGION).create_table(TableName="slots", **template["Resources"]["Table"]["Properties"])
        iam = boto3.client("iam", REGION)
        iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
        yield iam


@pytest.fixture
def function():
    module = {"__name__": "index"}
    exec(compile(iac.render("lambda", FIX), "index.py", "exec"), module)  # noqa: S102 - the function is what is tested
    return module


def metrics(printed):
    """Read the lines of the embedded metric format as CloudWatch does."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return [line for line in lines if "_aws" in line]


def held(iam):
    return iam.list_role_policies(RoleName="App")["PolicyNames"]


def test_of_ten_alarms_three_are_answered_and_the_rest_refused_and_the_surge_alarm_goes_off(account, function, monkeypatch, capsys):
    monkeypatch.setenv("APPLY", "1")
    outcomes = []
    for _ in range(10):
        outcomes.append(function["handler"](ALARM, None)["outcome"])
        if held(account):
            account.delete_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject")  # somebody undoes it each time
    assert outcomes == ["applied"] * 3 + ["refused"] * 7
    told = metrics(capsys.readouterr().out)
    surge = json.loads(iac.render("lambda-cloudformation", FIX))["Resources"]["Surge"]["Properties"]
    for line in told:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == surge["Namespace"]
        assert [] in directive["Dimensions"]
        assert surge["MetricName"] in [metric["Name"] for metric in directive["Metrics"]]
    total = sum(line[surge["MetricName"]] for line in told)
    assert (total, surge["Statistic"], surge["Period"], surge["Threshold"]) == (10, "Sum", 3600, {"Ref": "MaxPerHour"})
    assert total > 3


def test_the_limit_is_given_back_after_an_hour(account, function, monkeypatch):
    monkeypatch.setenv("APPLY", "1")
    monkeypatch.setenv("MAX_PER_HOUR", "1")
    clock = [1_800_000_000]
    function["time"] = type("time", (), {"time": staticmethod(lambda: clock[0])})
    outcomes = []
    for seconds in (0, 1800, 1800):
        clock[0] += seconds
        outcomes.append(function["handler"](ALARM, None)["outcome"])
        if held(account):
            account.delete_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject")
    assert outcomes == ["applied", "refused", "applied"]


def test_nothing_is_changed_without_apply(account, function):
    told = function["handler"](ALARM, None)
    assert (told["outcome"], told["would"][0][2], held(account)) == ("dry_run", NEW, [])


def test_what_was_there_is_logged_before_it_is_replaced(account, function, monkeypatch, capsys):
    monkeypatch.setenv("APPLY", "1")
    function["handler"](ALARM, None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"fix": "f-1", "before": [None]}
    assert lines[-1]["Outcome"] == "applied"
    (item,) = boto3.client("dynamodb", REGION).scan(TableName="slots")["Items"]
    assert json.loads(item["what_was_there"]["S"]) == [None]


def test_another_document_than_the_fix_was_made_for_is_left_alone(account, function, monkeypatch):
    monkeypatch.setenv("APPLY", "1")
    account.put_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject", PolicyDocument=json.dumps(OTHER))
    assert function["handler"](ALARM, None)["outcome"] == "refused"
    assert account.get_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject")["PolicyDocument"] == OTHER


def test_a_fix_that_is_in_force_takes_nothing_of_the_limit(account, function, monkeypatch):
    monkeypatch.setenv("APPLY", "1")
    account.put_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject", PolicyDocument=json.dumps(NEW))
    assert [function["handler"](ALARM, None)["outcome"] for _ in range(4)] == ["nothing_to_do"] * 4


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ({"detail-type": "CloudWatch Alarm State Change", "detail": {"state": {"value": "ALARM"}}}, "dry_run"),
        ({"Records": [{"Sns": {"Message": json.dumps({"NewStateValue": "ALARM"})}}]}, "dry_run"),
        ({"alarmData": {"state": {"value": "OK"}}}, "ignored"),
        ({}, "ignored"),
        (None, "ignored"),
    ],
)
def test_only_an_alarm_that_goes_off_is_answered(account, function, event, outcome):
    assert function["handler"](event, None)["outcome"] == outcome


def test_a_refused_read_is_told_and_not_tried_again(account, function, monkeypatch, capsys):
    account.delete_role(RoleName="App")
    monkeypatch.setenv("APPLY", "1")
    monkeypatch.setenv("TABLE", "nowhere")
    assert function["handler"](ALARM, None)["outcome"] == "failed"
    assert metrics(capsys.readouterr().out)[0]["Remediations"] == 1


@pytest.fixture(params=GOLDEN, ids=lambda path: path.parent.name)
def golden(request):
    read = json.loads(request.param.read_text())
    return msgspec.convert(read["fix"], Fix), read["scenario"]


def test_the_role_may_do_this_and_nothing_else(golden):
    fix, scenario = golden
    held = json.loads(iac.render("lambda-cloudformation", fix, scenario))["Resources"]
    statements = held["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    for statement in statements:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        assert [action for action in actions if catalog.action(action) is None] == []
        assert statement["Resource"] not in ("*", ["*"])
    assert held["Function"]["Properties"]["Code"]["ZipFile"] == iac.render("lambda", fix, scenario)


def test_terraform_reads_back_with_the_same_code_and_role(golden):
    fix, scenario = golden
    read = hcl2.loads(iac.render("lambda-terraform", fix, scenario))
    archive = next(block for block in read["data"] if '"archive_file"' in block)['"archive_file"']['"remediation"']
    body = archive["source"][0]["content"].split("\n", 1)[1].rsplit("\n", 1)[0]
    assert body.replace("$${", "${").replace("%%{", "%{") == iac.render("lambda", fix, scenario).rstrip("\n")
    assert {next(iter(block)) for block in read["resource"]} == {
        f'"{kind}"'
        for kind in (
            "aws_dynamodb_table", "aws_cloudwatch_log_group", "aws_iam_role", "aws_iam_role_policy", "aws_lambda_function",
            "aws_lambda_function_event_invoke_config", "aws_lambda_permission", "aws_cloudwatch_metric_alarm",
        )
    }  # fmt: skip


def test_the_functions_pass_a_linter(tmp_path):
    for path in GOLDEN:
        read = json.loads(path.read_text())
        (tmp_path / f"{path.parent.name.replace('-', '_')}.py").write_text(
            iac.render("lambda", msgspec.convert(read["fix"], Fix), read["scenario"])
        )
    ran = subprocess.run([sys.executable, "-m", "ruff", "check", "--isolated", str(tmp_path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", ["new-inline-policy", "key-of-another-account", "call-only"])
def test_the_template_is_clean_to_cfn_lint(name, tmp_path):
    read = json.loads(next(path for path in GOLDEN if path.parent.name == name).read_text())
    path = tmp_path / "lambda.json"
    path.write_text(iac.render("lambda-cloudformation", msgspec.convert(read["fix"], Fix), read["scenario"]))
    assert [str(m) for m in Runner(ConfigMixIn(["--template", str(path), "--"], regions=[REGION])).run()] == []
