"""A mocked AWS in the process, with credentials that are no one's."""

import json

import boto3
import pytest
from moto import mock_aws

from mocked import REGION, history, set_environment

__all__ = ["history"]
ACCOUNT = "123456789012"


@pytest.fixture
def aws(monkeypatch, history):
    set_environment(monkeypatch)
    with mock_aws():
        yield boto3.Session(region_name=REGION)


@pytest.fixture
def allow():
    def make(action, resource="*", **more):
        return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource} | more]})

    return make


@pytest.fixture
def trust():
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}],
        }
    )
