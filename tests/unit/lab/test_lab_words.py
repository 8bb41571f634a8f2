"""AWS's sentences, read again by undeny: what the lab says is what the reader finds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from undeny import denial
from undeny.lab import words
from undeny.lab.model import Asked, Call, Caller, Refusal

ROLE = "arn:aws:sts::111122223333:assumed-role/App/i-0abc"
SCP = "arn:aws:organizations::444455556666:policy/o-abc/service_control_policy/p-def"
CALLER = Caller(kind="role_session", arn=ROLE, account="111122223333", unique_id="AROAEXAMPLE:i-0abc")
TYPES = {
    "rcp": "resource_control",
    "scp": "service_control",
    "endpoint": "vpc_endpoint",
    "resource": "resource_based",
    "identity": "identity_based",
    "boundary": "permissions_boundary",
    "session": "session",
}


def call(service: str = "dynamodb", operation: str = "GetItem", protocol: str = "json") -> Call:
    return Call(
        caller=CALLER,
        service=service,
        operation=operation,
        parameters={},
        region="eu-west-1",
        protocol=protocol,
        headers={},
        request_id="r",
        host_id="h",
        time=datetime(2026, 11, 24, tzinfo=UTC),
        source_ip="203.0.113.9",
    )


def refusal(layer: str, *, explicit: bool, **given: Any) -> Refusal:
    asked = Asked(action="dynamodb:GetItem", resource="arn:aws:dynamodb:eu-west-1:111122223333:table/t")
    return Refusal(asked=asked, layer=layer, explicit=explicit, **given)


@pytest.mark.parametrize("layer", TYPES)
@pytest.mark.parametrize("kind", ["explicit", "implicit"])
def test_undeny_reads_every_sentence_that_the_lab_says(layer: str, kind: str):
    said = words.fault(call(), refusal(layer, explicit=kind == "explicit"))
    (seen,) = denial.parse(f"An error occurred ({said.code}) when calling the GetItem operation: {said.message}")
    assert (seen.principal, seen.action) == (ROLE, "dynamodb:GetItem")
    assert seen.resource == "arn:aws:dynamodb:eu-west-1:111122223333:table/t"
    assert (seen.kind, seen.policy_type) == (kind, TYPES[layer])


def test_the_denying_policys_arn_stands_at_the_end():
    said = words.fault(call(), refusal("scp", explicit=True, policy_arn=SCP)).message
    assert said.endswith(f"with an explicit deny in a service control policy: {SCP}")
    (seen,) = denial.parse(said)
    assert seen.policy_arn == SCP


def test_an_implicit_denial_names_no_policy():
    assert "arn:aws:organizations" not in words.fault(call(), refusal("scp", explicit=False)).message


@pytest.mark.parametrize(
    ("protocol", "code", "status"),
    [("json", "AccessDeniedException", 400), ("rest-json", "AccessDeniedException", 403), ("query", "AccessDenied", 403)],
)
def test_code_and_status_follow_the_protocol(protocol: str, code: str, status: int):
    said = words.fault(call(protocol=protocol), refusal("identity", explicit=False))
    assert (said.code, said.status, said.event_code) == (code, status, "AccessDenied")


def test_an_encoded_message_says_who_asked_what_in_which_context():
    scenario = {"request": {"context": {"aws:SourceIp": "203.0.113.9", "aws:TagKeys": ["a", "b"]}}}
    told = words.decoded(call(), refusal("scp", explicit=True, scenario=scenario))
    assert told["explicitDeny"] is True
    keys = {item["key"]: [value["value"] for value in item["values"]["items"]] for item in told["context"]["conditions"]["items"]}
    assert keys == {"aws:SourceIp": ["203.0.113.9"], "aws:TagKeys": ["a", "b"]}
