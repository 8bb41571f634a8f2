import copy
import json
from pathlib import Path

import pytest

from undeny import evidence
from undeny.errors import UndenyError
from undeny.evidence import scenario
from undeny.evidence.model import Gap, Level, Policy

DATA = Path(__file__).parents[2] / "data"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ROLE = "arn:aws:iam::111122223333:role/App"
LAYERS = ("identity", "boundary", "session", "endpoint", "resource", "scp", "rcp")


def whole(**policies):
    return {
        "id": "x",
        "request": {
            "principal": ROLE,
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "resource_account": "111122223333",
            "context": {"aws:SourceIp": "203.0.113.9"},
        },
        "policies": {
            "identity": [{"name": "p", "policy": ALLOW}],
            "boundary": None,
            "session": None,
            "resource": None,
            "endpoint": None,
            "scp": [{"target": "r-root", "policies": [{"name": "FullAWSAccess", "policy": ALLOW}]}],
            "rcp": [],
        }
        | policies,
    }


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_is_left_out_is_a_gap(layer):
    given = whole()
    del given["policies"][layer]
    assert isinstance(getattr(scenario.read(given).evidence.policies, layer), Gap)


@pytest.mark.parametrize("layer", LAYERS)
def test_unknown_in_place_of_a_layer_is_a_gap(layer):
    assert isinstance(getattr(scenario.read(whole(**{layer: "unknown"})).evidence.policies, layer), Gap)


def test_scope_down_left_out_does_not_apply_and_unknown_is_a_gap():
    assert scenario.read(whole()).evidence.policies.scope_down is None
    assert isinstance(scenario.read(whole(scope_down="unknown")).evidence.policies.scope_down, Gap)


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "endpoint"])
def test_null_does_not_apply_and_an_empty_list_allows_nothing(layer):
    assert getattr(scenario.read(whole(**{layer: None})).evidence.policies, layer) is None
    assert getattr(scenario.read(whole(**{layer: []})).evidence.policies, layer) == ()


def test_levels_run_from_the_root_down_and_one_of_them_may_be_unread():
    read = scenario.read(whole(scp=[{"target": "r-root", "policies": "unknown"}, {"target": "111122223333", "policies": []}]))
    root, account = read.evidence.policies.scp
    assert isinstance(root, Level)
    assert isinstance(root.policies, Gap)
    assert "r-root" in root.policies.what
    assert account.policies == ()


def test_a_gap_names_the_principal_the_permission_and_a_command():
    gap = scenario.read(whole(identity="unknown")).evidence.policies.identity
    assert ROLE in gap.what
    assert gap.permission == "iam:ListAttachedRolePolicies"
    assert gap.how == "aws iam list-attached-role-policies --role-name App"


def test_the_gap_of_a_bucket_policy_names_its_permission():
    gap = scenario.read(whole(resource="unknown")).evidence.policies.resource
    assert (gap.permission, gap.how) == ("s3:GetBucketPolicy", "aws s3api get-bucket-policy --bucket b")


def test_resources_hold_a_policy_none_or_a_gap_with_their_facts():
    given = whole()
    given["resources"] = {
        "arn:aws:kms:eu-west-1:111122223333:key/k": {"policy": ALLOW, "settings": {"KeyState": "Enabled"}},
        "arn:aws:s3:::b": {"policy": None},
        "arn:aws:sqs:eu-west-1:111122223333:q": {"policy": "unknown"},
        "arn:aws:sns:eu-west-1:111122223333:t": {"settings": {}},
        "arn:aws:s3:::gone": {"exists": False},
    }
    things = scenario.read(given).evidence.resources
    kinds = {arn.rpartition(":")[2]: type(thing.policy) for arn, thing in things.items()}
    assert kinds == {"key/k": Policy, "b": type(None), "q": Gap, "t": Gap, "gone": type(None)}
    assert things["arn:aws:kms:eu-west-1:111122223333:key/k"].settings == {"KeyState": "Enabled"}
    assert things["arn:aws:s3:::gone"].exists is False
    assert things["arn:aws:s3:::b"].exists is None


def test_context_values_are_text_lists_or_null():
    given = whole()
    given["request"]["context"] = {"a": "x", "b": ["x", "y"], "c": None, "d": True, "e": 7}
    assert dict(scenario.read(given).request.context) == {"a": "x", "b": ("x", "y"), "c": None, "d": "true", "e": "7"}


def test_request_keeps_unknown_keys_and_parameters():
    given = whole()
    given["request"] |= {"unknown_keys": ["aws:SourceVpce"], "parameters": {"bucketName": "b"}}
    request = scenario.read(given).request
    assert request.unknown_keys == ("aws:SourceVpce",)
    assert request.parameters == {"bucketName": "b"}


def test_resource_account_is_null_where_it_says_so_and_the_arns_where_it_is_left_out():
    given = whole()
    given["request"]["resource_account"] = None
    assert scenario.read(given).request.resource_account is None
    given["request"] |= {"resource": "arn:aws:sqs:eu-west-1:444455556666:q"}
    del given["request"]["resource_account"]
    assert scenario.read(given).request.resource_account == "444455556666"


def test_a_text_alone_is_evidence_from_text():
    read = scenario.read({"id": "t", "text": "Access Denied"})
    assert read.request is None
    assert read.evidence.from_text
    assert all(isinstance(getattr(read.evidence.policies, layer), Gap) for layer in LAYERS)
    assert not scenario.read(whole()).evidence.from_text


@pytest.mark.parametrize("written", ["2026-11-20T09:30:00Z", "2026-11-20T10:30:00+01:00", "2026-11-20T09:30:00", 1795167000])
def test_now_is_read_as_one_instant(written):
    assert scenario.read(whole() | {"now": written}).evidence.now.isoformat() == "2026-11-20T09:30:00+00:00"


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (lambda s: s.update(request=[]), "request"),
        (lambda s: s["request"].pop("action"), "request.action"),
        (lambda s: s["request"].update(principal=3), "request.principal"),
        (lambda s: s["request"].update(context=[]), "request.context"),
        (lambda s: s["request"].update(context={"k": {}}), "request.context.k"),
        (lambda s: s["request"].update(unknown_keys="k"), "request.unknown_keys"),
        (lambda s: s.update(policies=[]), "policies"),
        (lambda s: s["policies"].update(identiy=[]), "policies.identiy"),
        (lambda s: s["policies"].update(identity=ALLOW), "policies.identity"),
        (lambda s: s["policies"].update(identity=[ALLOW]), "policies.identity[0].name"),
        (lambda s: s["policies"].update(identity=[{"name": "p"}]), "policies.identity[0].policy"),
        (lambda s: s["policies"].update(identity=[{"name": "p", "policy": 3}]), "policies.identity[0].policy"),
        (lambda s: s["policies"].update(resource=[ALLOW]), "policies.resource"),
        (lambda s: s["policies"].update(scp=[{"policies": []}]), "policies.scp[0].target"),
        (lambda s: s["policies"].update(scp=["r-root"]), "policies.scp[0]"),
        (lambda s: s.update(resources={"arn:aws:s3:::b": None}), "resources.arn:aws:s3:::b"),
        (lambda s: s.update(resources={"arn:aws:s3:::b": {"exists": "no"}}), "resources.arn:aws:s3:::b.exists"),
        (lambda s: s.update(now="yesterday"), "now"),
        (lambda s: s.update(text=3), "text"),
        (lambda s: s.update(event="{}"), "event"),
    ],
)
def test_a_malformed_scenario_is_refused_by_its_json_path(spoil, path):
    given = copy.deepcopy(whole())
    spoil(given)
    with pytest.raises(UndenyError) as caught:
        scenario.read(given)
    assert f"`{path}` of the scenario" in caught.value.message
    assert (caught.value.exit_status, caught.value.code) == (2, "malformed-scenario")


def test_a_bad_policy_is_no_malformed_scenario_but_its_own_problem():
    read = scenario.read(whole(identity=[{"name": "p", "policy": {"Statement": [{"Effect": "Maybe"}]}}]))
    assert read.evidence.policies.identity[0].document.problems


def test_a_document_given_as_text_keeps_its_text():
    text = '{"Version":   "2012-10-17", "Statement": []}'
    read = scenario.read(whole(identity=[{"name": "p", "policy": text}]))
    assert read.evidence.policies.identity[0].document.text == text


def test_what_is_written_reads_back_the_same():
    given = whole(session="unknown", endpoint=[], scope_down=[{"name": "s", "policy": ALLOW}], resource=ALLOW)
    given["request"] |= {"unknown_keys": ["k"], "parameters": {"a": [1]}, "context": {"a": ["x"], "b": None}}
    given |= {
        "text": "Access Denied",
        "event": {"eventName": "GetObject"},
        "now": "2026-11-20T09:30:00Z",
        "resources": {"arn:aws:s3:::b": {"policy": "unknown", "settings": {"Payer": "Requester"}, "exists": True}},
        "changed_lately": [{"time": "2026-11-20T09:00:00Z", "by": "role ci", "event": "PutRolePolicy", "on": "role App"}],
        "gaps": [{"what": "w", "why": "y", "permission": None, "how": None}],
    }
    assert scenario.write(scenario.read(given)) == given
    json.dumps(scenario.write(scenario.read(given)))


def test_nothing_read_is_a_gap_in_every_layer():
    request = scenario.read(whole()).request
    unread = evidence.unread(request)
    assert unread.from_text
    assert all(isinstance(getattr(unread.policies, layer), Gap) for layer in LAYERS)
    assert unread.policies.resource.what == "resource policy of arn:aws:s3:::b/k"


def scenarios_of(name, key):
    for line in (DATA / name).read_text("utf-8").splitlines():
        row = json.loads(line)
        if isinstance(row[key], dict):
            yield pytest.param(row[key], id=row["id"])


@pytest.mark.parametrize("given", [*scenarios_of("scenarios.jsonl", "scenario"), *scenarios_of("diagnoses.jsonl", "input")])
def test_a_real_scenario_reads_whole_and_is_the_same_after_writing(given):
    read = scenario.read(given)
    again = scenario.read(scenario.write(read))
    assert (again.request, again.evidence, again.text, again.event) == (read.request, read.evidence, read.text, read.event)
    assert not read.evidence.from_text
