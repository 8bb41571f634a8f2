"""Reachability Analyzer, asked: what is sent, what is read, and that nothing is left behind."""

import boto3
import pytest
from botocore.stub import Stubber

from mocked import set_environment
from undeny.aws import analyzer
from undeny.aws.session import client
from undeny.errors import UndenyError

PATH = {"Source": "eni-1", "Destination": "igw-1", "Protocol": "tcp", "DestinationPort": 443}
IDS = {"path": "nip-1", "analysis": "nia-1"}


@pytest.fixture
def aws(monkeypatch):
    set_environment(monkeypatch)
    session = boto3.Session(region_name="eu-west-1")
    with Stubber(client(session, "ec2", "eu-west-1")) as stub:
        yield session, stub
        stub.assert_no_pending_responses()


def _until(stub, *answers):
    stub.add_response("create_network_insights_path", {"NetworkInsightsPath": {"NetworkInsightsPathId": IDS["path"]}}, None)
    started = {"NetworkInsightsAnalysis": {"NetworkInsightsAnalysisId": IDS["analysis"]}}
    stub.add_response("start_network_insights_analysis", started, None)
    for answer in answers:
        held = {"NetworkInsightsAnalysisId": IDS["analysis"], **answer}
        stub.add_response("describe_network_insights_analyses", {"NetworkInsightsAnalyses": [held]}, None)
    stub.add_response("delete_network_insights_analysis", {}, {"NetworkInsightsAnalysisId": IDS["analysis"]})
    stub.add_response("delete_network_insights_path", {}, {"NetworkInsightsPathId": IDS["path"]})


def test_its_answer_is_read_and_what_it_wrote_is_deleted(aws):
    session, stub = aws
    done = {"Status": "succeeded", "NetworkPathFound": False, "Explanations": [{"ExplanationCode": "ENI_SG_RULES_MISMATCH"}] * 2}
    _until(stub, {"Status": "running"}, done)
    waited = []
    found = analyzer.analyze(session, "eu-west-1", PATH, pause=waited.append)
    assert (found["verdict"], found["codes"], len(waited)) == ("blocked", ["ENI_SG_RULES_MISMATCH"], 1)


def test_a_failed_analysis_says_nothing(aws):
    session, stub = aws
    _until(stub, {"Status": "failed", "StatusMessage": "the network changed"})
    found = analyzer.analyze(session, "eu-west-1", PATH, pause=lambda _: None)
    assert (found["verdict"], found["message"]) == ("unknown", "the network changed")


def test_a_refusal_is_told_with_the_permissions(aws):
    session, stub = aws
    stub.add_client_error("create_network_insights_path", "UnauthorizedOperation")
    with pytest.raises(UndenyError, match="UnauthorizedOperation") as caught:
        analyzer.analyze(session, "eu-west-1", PATH)
    assert "ec2:CreateNetworkInsightsPath" in caught.value.help[0]


def test_it_is_a_write_that_can_be_switched_off(aws, monkeypatch):
    monkeypatch.setenv("UNDENY_READ_ONLY", "1")
    with pytest.raises(UndenyError, match="UNDENY_READ_ONLY"):
        analyzer.analyze(aws[0], "eu-west-1", PATH)
