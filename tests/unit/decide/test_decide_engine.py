import pytest

from undeny import evidence
from undeny.calls.model import Request
from undeny.decide import compile_policies, decide, evaluate
from undeny.errors import UndenyError
from undeny.evidence import scenario

ALICE = "arn:aws:iam::111122223333:user/alice"
OBJECT = "arn:aws:s3:::amzn-s3-demo-bucket/a.csv"
NONE = {"boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}


def statement(effect: str = "Allow", action: object = "s3:*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def case(*statements: dict[str, object], context: dict[str, object] | None = None, **layers: object) -> dict[str, object]:
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    request = {
        "principal": ALICE,
        "action": "s3:GetObject",
        "resource": OBJECT,
        "resource_account": "111122223333",
        "context": context or {},
    }
    return {"id": "x", "request": request, "policies": {**NONE, "identity": [{"name": "p", "policy": policy}], **layers}}


def test_the_verdict_carries_the_question():
    verdict = evaluate(case(statement()))
    assert (verdict.id, verdict.action, verdict.resource, verdict.principal) == ("x", "s3:GetObject", OBJECT, ALICE)


def test_a_scenario_without_request_is_refused():
    with pytest.raises(UndenyError, match="has no `request`"):
        evaluate({"id": "x", "policies": {}})


def test_a_miss_holds_the_policy_s_own_text():
    condition = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    given = case(statement(Condition=condition), context={"s3:x-amz-server-side-encryption": "AES256"})
    (found,) = evaluate(given).statements
    assert found.miss is not None
    assert (found.miss.element, found.miss.operator, found.miss.key) == ("condition", "StringEquals", "s3:x-amz-server-side-encryption")
    assert (found.miss.wanted, found.miss.got, found.matched) == (("aws:kms",), ("AES256",), ("action", "resource"))
    assert found.why == 'the condition StringEquals s3:x-amz-server-side-encryption wants "aws:kms", and this call had "AES256"'


def test_every_wanted_text_of_a_miss_stands_in_the_document():
    wanted = ["arn:aws:s3:::other/*", "arn:aws:s3:::amzn-s3-demo-bucket"]
    given = case(statement(resource=wanted))
    (found,) = evaluate(given).statements
    assert found.miss is not None
    assert list(found.miss.wanted) == wanted
    assert found.miss.got == (OBJECT,)


def test_the_nearest_miss_comes_first():
    other = statement(action="ec2:*", Sid="service")
    wrong_bucket = statement(resource="arn:aws:s3:::other/*", Sid="resource")
    near = statement(Sid="condition", Condition={"Bool": {"aws:SecureTransport": "false"}})
    wrong_action = statement(action="s3:PutObject", Sid="action")
    verdict = evaluate(case(other, wrong_bucket, near, wrong_action))
    assert [found.sid for found in verdict.statements] == ["condition", "resource", "action", "service"]


def test_the_deciding_statement_comes_first():
    allow, deny = statement(Sid="allow"), statement("Deny", Sid="deny", Condition={"Bool": {"aws:SecureTransport": "true"}})
    verdict = evaluate(case(allow, deny))
    assert [(found.sid, found.applies) for found in verdict.statements] == [("deny", True), ("allow", True)]
    (held,) = verdict.statements[0].held
    assert (held.operator, held.key, held.wanted, held.got) == ("Bool", "aws:SecureTransport", ("true",), ("true",))


def test_an_absent_key_is_told_from_an_unknown_one():
    given = case(statement(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    (absent,) = evaluate(given).statements
    assert absent.miss is not None
    assert (absent.miss.got, absent.miss.unknown, absent.applies) == (None, False, False)
    given["request"]["unknown_keys"] = ["aws:SourceVpce"]  # type: ignore[index] # a mapping
    verdict = evaluate(given)
    assert verdict.statements[0].applies is None
    assert verdict.statements[0].miss is not None
    assert verdict.statements[0].miss.unknown
    assert [(need.kind, need.what) for need in verdict.open] == [("context", "context key aws:SourceVpce")]


def test_tags_that_were_not_read_are_unknown_as_a_whole():
    given = case(statement(Condition={"StringEquals": {"aws:ResourceTag/team": "blue"}}))
    given["request"]["unknown_keys"] = ["aws:ResourceTag/*"]  # type: ignore[index] # a mapping
    assert evaluate(given).needs == ("context key aws:ResourceTag/team",)
    given["request"]["context"] = {"aws:ResourceTag/team": "blue"}  # type: ignore[index] # a mapping
    assert evaluate(given).decision == "allowed"


def test_the_level_of_an_scp_is_named():
    levels = [{"target": "r-1", "policies": [{"name": "all", "policy": {"Version": "2012-10-17", "Statement": statement(action="*")}}]}]
    levels.append({"target": "ou-1", "policies": [{"name": "no", "policy": {"Version": "2012-10-17", "Statement": statement("Deny")}}]})
    verdict = evaluate(case(statement(), scp=levels))
    assert (verdict.statements[0].policy, verdict.statements[0].target) == ("no", "ou-1")


def test_without_explanation_only_what_applies_or_may_is_told():
    read = scenario.read(case(statement(), statement(action="ec2:*")))
    assert read.request is not None
    assert len(decide(read.request, read.evidence).statements) == 2
    assert len(decide(read.request, read.evidence, explain=False).statements) == 1


def test_from_a_text_alone_everything_is_open_and_every_layer_is_named():
    request = Request(principal=ALICE, action="s3:GetObject", resource=OBJECT, resource_account="111122223333")
    verdict = decide(request, evidence.unread(request))
    assert verdict.decision == "unknown"
    assert {need.kind for need in verdict.open} == {"policy"}
    assert len(verdict.needs) >= 6


def test_a_caller_that_nobody_named_is_not_guessed():
    request = Request(principal=None, action="s3:GetObject", resource=OBJECT, resource_account="111122223333")
    queue = {"Version": "2012-10-17", "Statement": statement(Principal={"AWS": ALICE})}
    given = case(statement(), resource=queue)
    read = scenario.read(given)
    assert decide(request, read.evidence).decision == "unknown"


def test_compiled_policies_answer_as_the_scenario_does():
    given = case(statement(Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}}))
    compiled = compile_policies(given["policies"])  # type: ignore[arg-type] # a mapping
    for team in ("blue", "red"):
        request = {**given["request"], "context": {"aws:PrincipalTag/team": team}}  # type: ignore[dict-item] # a mapping
        verdict = compiled.decide(request)
        assert verdict.decision == evaluate({**given, "request": request}).decision
        assert compiled.allows(request) is (verdict.decision == "allowed")


def test_compiled_policies_take_requests_as_values_too():
    compiled = compile_policies(case(statement())["policies"])  # type: ignore[arg-type] # a mapping
    request = Request(principal=ALICE, action="s3:GetObject", resource=OBJECT, resource_account="111122223333")
    assert compiled.allows(request)
    assert compiled.decide(request).decision == "allowed"


def test_a_request_without_action_is_refused():
    with pytest.raises(UndenyError, match="has no `action`"):
        compile_policies(case()["policies"]).allows({"principal": ALICE})  # type: ignore[arg-type] # a mapping


def test_a_hidden_request_is_decided_over_the_caller_s_layers_and_that_thing_s_policy():
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    given = case(statement(), statement(action="kms:*"))
    given["resources"] = {key: {"policy": {"Version": "2012-10-17", "Statement": statement(action="kms:*", Principal={"AWS": ALICE})}}}
    read = scenario.read(given)
    assert read.request is not None
    hidden = Request(principal=ALICE, action="kms:Decrypt", resource=key, resource_account="111122223333", role="hidden", why="S3 decrypts")
    verdict = decide(hidden, read.evidence, main=read.request)
    assert (verdict.decision, verdict.layers["resource"], verdict.why) == ("allowed", "allowed", "S3 decrypts")


def test_rules_beyond_statements_are_told():
    given = case()
    given["request"]["principal"] = "arn:aws:iam::111122223333:root"  # type: ignore[index] # a mapping
    assert "the root user has everything on the identity side" in evaluate(given).notes


def test_a_switched_off_grant_says_why():
    public = {"Version": "2012-10-17", "Statement": statement(action="s3:GetObject", Principal="*")}
    given = case(resource=public)
    given["request"]["principal"] = "anonymous"  # type: ignore[index] # a mapping
    block = {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": True}}
    given["resources"] = {"arn:aws:s3:::amzn-s3-demo-bucket": {"settings": block}}
    verdict = evaluate(given)
    assert [(found.applies, found.miss) for found in verdict.statements] == [(False, None)]
    assert "Block Public Access" in verdict.statements[0].why


def test_what_was_asked_lately_is_answered_again_and_another_context_is_decided_anew():
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
        ],
    }
    layers = {
        "identity": [{"name": "p", "policy": policy}],
        "boundary": None,
        "session": None,
        "resource": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
    }
    compiled = compile_policies(layers)
    asked = {
        "principal": "arn:aws:iam::111122223333:user/a",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::b/k",
        "resource_account": None,
    }
    inside = {**asked, "context": {"aws:SourceIp": "203.0.113.9"}}
    outside = {**asked, "context": {"aws:SourceIp": "198.51.100.7"}}
    assert compiled.decide(inside) is compiled.decide(inside)
    assert [compiled.decide(one).decision for one in (inside, outside, inside, {**asked, "unknown_keys": ["aws:SourceIp"]})] == [
        "allowed",
        "implicitly_denied",
        "allowed",
        "unknown",
    ]
    assert compiled.decide(inside, explain=False).statements != () or compiled.decide(inside, explain=False).decision == "allowed"
