"""A mocked AWS in the process with one role, a store in a temporary folder, and a clock that stands."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from undeny.change.carrying import Way
from undeny.change.store import Store
from undeny.fix.model import Fix, PolicyEdit
from undeny.prove.model import Proof, ProvenFix

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
NOW = datetime(2026, 11, 24, 18, 4, tzinfo=UTC)


@pytest.fixture
def history(monkeypatch):
    """Event history, which the mocked AWS lacks: events are put into this list."""
    import botocore.client

    events, call = [], botocore.client.BaseClient._make_api_call

    def answer(self, operation, parameters):
        if operation != "LookupEvents":
            return call(self, operation, parameters)
        name = parameters["LookupAttributes"][0]["AttributeValue"]
        within = [e for e in events if parameters["StartTime"] <= e["EventTime"] <= parameters["EndTime"]]
        return {"Events": [event for event in within if name in {one["ResourceName"] for one in event["Resources"]}]}

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    return events


@pytest.fixture
def aws(monkeypatch, history):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "UNDENY_READ_ONLY"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
        session.client("iam").create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(trust))
        yield session


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "state", clock=lambda: NOW)


@pytest.fixture
def way():
    waited = []
    return Way(wait=waited.append, clock=lambda: NOW, environment={})


@pytest.fixture
def proven():
    def make(*changes, **more):
        fix = Fix(
            **({"id": "f1", "title": "allow it", "layer": "identity", "applicability": "machine_applicable", "changes": changes} | more)
        )
        return ProvenFix(fix=fix, proofs=(Proof(obligation="suffices", holds=True, how="checked"),))

    return make


@pytest.fixture
def edit():
    def make(before, after, policy="p", layer="identity", target=ROLE):
        return PolicyEdit(layer=layer, target=target, policy=policy, before=before, after=after)

    return make


@pytest.fixture
def kit(store, way, proven, edit):
    """What a change is made with, in one hand."""
    return SimpleNamespace(store=store, way=way, proven=proven, edit=edit)
