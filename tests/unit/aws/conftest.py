"""A mocked AWS in the process, with credentials that are no one's."""

import json

import boto3
import pytest
from moto import mock_aws

ACCOUNT = "123456789012"
REGION = "eu-west-1"


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
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
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
