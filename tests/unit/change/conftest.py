"""A mocked AWS in the process with one role, a store in a temporary folder, and a clock that stands."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from mocked import REGION, history, set_environment
from undeny.change.carrying import Way
from undeny.change.store import Store
from undeny.fix.model import Fix, PolicyEdit
from undeny.prove.model import Proof, ProvenFix

__all__ = ["history"]
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/App"
NOW = datetime(2026, 11, 24, 18, 4, tzinfo=UTC)


@pytest.fixture
def aws(monkeypatch, history):
    set_environment(monkeypatch)
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
    return Way(wait=waited.append, clock=lambda: NOW, jitter=lambda: 1.0, environment={})


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
