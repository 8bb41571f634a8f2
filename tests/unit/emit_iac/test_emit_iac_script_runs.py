"""The boto3 script does what it says against a local stand-in for AWS: nothing without --apply, one write with it, none on other ground."""

import json
import sys

import boto3
import pytest
from moto import mock_aws

from undeny.emit import iac
from undeny.fix.model import Fix, PolicyEdit

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
NEW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}]}
OTHER = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/other"}]}


@pytest.fixture
def aws(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


def run(tmp_path, monkeypatch, edit, *arguments):
    path = tmp_path / "fix.py"
    path.write_text(iac.render("boto3", Fix(id="f", title="t", layer="l", applicability="machine_applicable", changes=(edit,))))
    monkeypatch.setattr(sys, "argv", [str(path), *arguments])
    exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})  # noqa: S102 - the script is what is tested
    return path


def role_edit(before, after):
    return PolicyEdit(layer="identity", target=f"arn:aws:iam::{ACCOUNT}:role/App", policy="undeny-s3-GetObject", before=before, after=after)


def test_without_apply_nothing_is_changed(aws, tmp_path, monkeypatch, capsys):
    iam = boto3.client("iam", "us-east-1")
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
    run(tmp_path, monkeypatch, role_edit(None, NEW))
    assert iam.list_role_policies(RoleName="App")["PolicyNames"] == []
    assert "dry run" in capsys.readouterr().out


def test_with_apply_the_policy_is_written_and_what_was_there_is_saved(aws, tmp_path, monkeypatch):
    iam = boto3.client("iam", "us-east-1")
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
    run(tmp_path, monkeypatch, role_edit(None, NEW), "--apply")
    assert iam.get_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject")["PolicyDocument"] == NEW
    assert json.loads((tmp_path / "fix.before.json").read_text())[0]["found"] is None


def test_another_document_than_the_fix_was_made_for_stops_it(aws, tmp_path, monkeypatch):
    iam = boto3.client("iam", "us-east-1")
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject", PolicyDocument=json.dumps(OTHER))
    with pytest.raises(SystemExit, match="is not what this change was made for"):
        run(tmp_path, monkeypatch, role_edit(None, NEW), "--apply")
    assert iam.get_role_policy(RoleName="App", PolicyName="undeny-s3-GetObject")["PolicyDocument"] == OTHER


def test_trust_bucket_queue_topic_and_key_policies_are_written_too(aws, tmp_path, monkeypatch):
    iam, s3, sqs, sns, kms = (boto3.client(n, "us-east-1") for n in ("iam", "s3", "sqs", "sns", "kms"))
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
    s3.create_bucket(Bucket="shared")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    topic = sns.create_topic(Name="news")["TopicArn"]
    key = kms.create_key()["KeyMetadata"]["Arn"]
    for target in (f"arn:aws:iam::{ACCOUNT}:role/App", "arn:aws:s3:::shared", f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders", topic, key):
        before = {
            "arn:aws:iam": TRUST,
            "arn:aws:sns": there(sns, topic),
            "arn:aws:kms": json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]),
        }
        after = {**TRUST, "Id": "changed"}
        edit = PolicyEdit(layer="resource", target=target, policy=None, before=before.get(target[:11]), after=after)
        run(tmp_path, monkeypatch, edit, "--apply")
    assert iam.get_role(RoleName="App")["Role"]["AssumeRolePolicyDocument"]["Id"] == "changed"
    assert json.loads(s3.get_bucket_policy(Bucket="shared")["Policy"])["Id"] == "changed"
    assert json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])["Id"] == "changed"
    assert there(sns, topic)["Id"] == "changed"
    assert json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Id"] == "changed"


def there(sns, topic):
    return json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])


def test_a_second_run_changes_nothing_and_keeps_what_was_saved(aws, tmp_path, monkeypatch, capsys):
    iam = boto3.client("iam", "us-east-1")
    iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST))
    run(tmp_path, monkeypatch, role_edit(None, NEW), "--apply")
    run(tmp_path, monkeypatch, role_edit(None, NEW), "--apply")
    assert "it is so already: nothing was changed" in capsys.readouterr().out
    assert json.loads((tmp_path / "fix.before.json").read_text())[0]["found"] is None
    assert len(list(tmp_path.glob("*before*"))) == 1


def test_a_managed_policy_with_five_versions_stops_it_before_anything_is_changed(aws, tmp_path, monkeypatch):
    iam = boto3.client("iam", "us-east-1")
    arn = iam.create_policy(PolicyName="reads", PolicyDocument=json.dumps(OTHER))["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(OTHER))
    edit = PolicyEdit(layer="identity", target=f"arn:aws:iam::{ACCOUNT}:role/App", policy="reads", before=OTHER, after=NEW)
    fix = Fix(id="f", title="t", layer="l", applicability="machine_applicable", changes=(edit,))
    path = tmp_path / "fix.py"
    path.write_text(iac.render("boto3", fix, {"policies": {"identity": [{"name": "reads", "arn": arn, "policy": OTHER}]}}))
    monkeypatch.setattr(sys, "argv", [str(path), "--apply"])
    with pytest.raises(SystemExit, match="has five versions"):
        exec(compile(path.read_text(), str(path), "exec"), {"__name__": "__main__", "__file__": str(path)})  # noqa: S102 - the script is what is tested
    assert list(tmp_path.glob("*before*")) == []
