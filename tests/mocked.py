"""What the tests of several rooms share of a mocked AWS: event history, and an environment whose credentials are no one's."""

import pytest

REGION = "eu-west-1"


def set_environment(monkeypatch):
    """Set test credentials, and take away what the developer's own shell says of AWS."""
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
