"""Each obligation catches the fix that breaks it; a fix that breaks none is proven."""

import ast
import json
from pathlib import Path

import pytest

import undeny
from undeny import pipeline, prove
from undeny.fix.model import CallEdit, Fix, PolicyEdit
from undeny.prove import ProvenFix, Refutation, rank

ROLE = "arn:aws:sts::111122223333:assumed-role/App/i-1"
HOLDER = "arn:aws:iam::111122223333:role/App"
OBJECT = "arn:aws:s3:::logs/2026/app.json"


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


OWN = doc(allow("sqs:SendMessage"))
WITH_DENY = doc(allow("s3:*"), {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs/*"})


def case(identity=OWN, **layers):
    held = {"identity": [{"name": "own", "policy": identity}], "boundary": None, "session": None, "resource": None}
    return pipeline.walk(
        {
            "id": "x",
            "text": "Access Denied",
            "request": {"principal": ROLE, "action": "s3:GetObject", "resource": OBJECT, "resource_account": "111122223333", "context": {}},
            "policies": {**held, "endpoint": None, "scp": [], "rcp": [], **layers},
        }
    ).case


def edit(*statements, before=OWN, layer="identity", policy="own"):
    return PolicyEdit(layer=layer, target=HOLDER, policy=policy, before=before, after=doc(*before["Statement"], *statements))


def fix(*changes, grants=(("s3:GetObject", OBJECT),), applicability="machine_applicable"):
    return Fix(id="f", title="t", layer="identity", applicability=applicability, changes=changes, grants=grants)


def failed(one, of):
    told = prove.prove(one, of)
    assert isinstance(told, Refutation), told.proofs
    return told


def holds(told):
    return {p.obligation: p.holds for p in told.proofs}


def test_the_exact_grant_is_proven_in_all_five():
    told = prove.prove(fix(edit(allow("s3:GetObject", OBJECT))), case())
    assert isinstance(told, ProvenFix)
    assert set(holds(told).values()) == {True}
    assert told.fix.applicability == "machine_applicable"


def test_a_fix_that_does_not_reach_the_layer_that_blocks_does_not_suffice():
    of = case(boundary=[{"name": "b", "policy": OWN}])
    told = failed(fix(edit(allow("s3:GetObject", OBJECT))), of)
    assert told.failed == "suffices"
    assert told.witness.action == "s3:GetObject"


def test_a_second_action_that_the_call_does_not_ask_for_is_not_needed():
    told = failed(fix(edit(allow(["s3:GetObject", "s3:GetObjectVersion"], OBJECT)), grants=(("s3:Get*", OBJECT),)), case())
    assert told.failed == "needed"
    assert "s3:GetObjectVersion" in told.proofs[1].how


def test_a_second_edit_that_changes_nothing_for_the_call_is_not_needed():
    more = PolicyEdit(layer="identity", target=HOLDER, policy="more", before=None, after=doc(allow("s3:GetObject", OBJECT)))
    assert failed(fix(edit(allow("s3:GetObject", OBJECT)), more), case()).failed == "needed"


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:GetObject", "arn:aws:s3:::logs/*"),
        allow("s3:GetObject*", OBJECT),
        allow("s3:*", OBJECT),
        allow("s3:GetObject", OBJECT + "*"),
        allow("s3:GetObject", "*"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": OBJECT},
    ],
)
def test_whatever_opens_more_than_it_names_is_refuted_with_a_request_that_shows_it(statement):
    told = failed(fix(edit(statement)), case())
    assert told.failed == "nothing_else"
    assert (told.witness.action, told.witness.resource) != ("s3:GetObject", OBJECT)


def test_a_wider_grant_that_the_fix_names_is_no_surprise():
    named = fix(edit(allow("s3:GetObject", "arn:aws:s3:::logs/*")), grants=(("s3:GetObject", "arn:aws:s3:::logs/*"),))
    assert isinstance(prove.prove(named, case()), ProvenFix)


def test_another_principal_let_in_beside_the_caller_is_refuted():
    of = pipeline.walk(
        {
            "id": "x",
            "text": "Access Denied",
            "request": {
                "principal": "s3.amazonaws.com",
                "action": "sqs:SendMessage",
                "resource": "arn:aws:sqs:eu-west-1:111122223333:q",
                "resource_account": "111122223333",
            },
            "policies": {"identity": None, "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []},
        }
    ).case
    open_ = doc(allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", Principal="*"))
    change = PolicyEdit(layer="resource", target="arn:aws:sqs:eu-west-1:111122223333:q", policy=None, before=None, after=open_)
    told = failed(fix(change, grants=(("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q"),)), of)
    assert told.failed == "nothing_else"
    assert told.witness.principal != "s3.amazonaws.com"


def test_taking_a_deny_away_is_never_machine_applicable():
    after = doc(allow("s3:*"))
    change = PolicyEdit(layer="identity", target=HOLDER, policy="own", before=WITH_DENY, after=after)
    told = prove.prove(fix(change, grants=(("s3:GetObject", "arn:aws:s3:::logs/*"),)), case(WITH_DENY))
    assert isinstance(told, ProvenFix)
    assert holds(told)["no_guard_weakened"] is False
    assert told.fix.applicability == "maybe_incorrect"
    assert any("Deny" in risk for risk in told.fix.risks)


@pytest.mark.parametrize("layer", ["boundary", "session", "endpoint"])
def test_an_allow_in_a_guard_weakens_it(layer):
    change = PolicyEdit(layer=layer, target=HOLDER, policy="g", before=OWN, after=doc(*OWN["Statement"], allow("s3:GetObject", OBJECT)))
    told = prove.prove(fix(change), case(doc(allow("s3:*")), **{layer: [{"name": "g", "policy": OWN}]}))
    assert holds(told)["no_guard_weakened"] is False


def test_an_allow_beside_a_guarded_one_weakens_the_guard():
    guarded = doc(allow("s3:GetObject", "arn:aws:s3:::logs/*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    told = prove.prove(fix(edit(allow("s3:GetObject", OBJECT), before=guarded)), case(guarded))
    assert holds(told)["no_guard_weakened"] is False
    kept = allow("s3:GetObject", OBJECT, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    assert all(
        p.holds is not False
        for p in prove.prove(fix(edit(kept, before=guarded)), case(guarded)).proofs
        if p.obligation == "no_guard_weakened"
    )


def test_a_document_that_aws_refuses_is_not_well_formed():
    broken = edit(allow("s3:GetObject", OBJECT), {"Effect": "Maybe", "Action": "s3:GetObject", "Resource": OBJECT})
    told = prove.prove(fix(broken), case())
    assert holds(told)["well_formed"] is False
    assert isinstance(told, Refutation)


def test_a_document_that_is_too_long_is_not_well_formed():
    long_ = doc(*[allow("s3:GetObject", f"arn:aws:s3:::bucket-{i:04}/*") for i in range(150)])
    told = failed(fix(edit(allow("s3:GetObject", OBJECT), before=long_)), case(long_))
    assert told.failed == "well_formed"
    assert "6144" in told.proofs[4].how


def test_with_the_identity_side_unread_a_grant_holds_unless_it_says_otherwise():
    of = case(scp="unknown")
    told = prove.prove(fix(edit(allow("s3:GetObject", OBJECT))), of)
    assert holds(told)["suffices"] is True
    assert any("service control policies" in need for need in told.proofs[0].unless)
    assert told.assumes


def test_a_change_with_placeholders_is_not_proved_at_all():
    open_ = fix(edit(allow("<service:Action>", OBJECT)), applicability="has_placeholders")
    told = prove.prove(open_, case())
    assert set(holds(told).values()) == {None}


def test_a_change_to_the_call_opens_nothing():
    guard = doc(allow("s3:*"), {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}})
    told = prove.prove(fix(CallEdit(how="x", context={"aws:SecureTransport": "false"})), case(guard))
    assert set(holds(told).values()) == {True}


def test_less_privilege_ranks_before_more_and_the_call_before_both():
    of = case(
        doc(allow("s3:*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}})
    )
    before = of.evidence.policies.identity[0].document.data
    call = prove.prove(fix(CallEdit(how="x", context={"aws:SecureTransport": "false"})), of)
    wide = PolicyEdit(layer="identity", target=HOLDER, policy="own", before=before, after=doc(before["Statement"][0]))
    loose = prove.prove(fix(wide, grants=(("*", "*"),)), of)
    assert rank((loose, call)) == (call, loose)
    exact = prove.prove(fix(edit(allow("s3:GetObject", OBJECT))), case())
    star = prove.prove(fix(edit(allow("s3:GetObject", "*")), grants=(("s3:GetObject", "*"),)), case())
    assert [p.fix for p in rank((star, exact))] == [exact.fix, star.fix]


def test_only_prove_makes_a_proven_fix():
    source = Path(undeny.__file__).parent
    makers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "ProvenFix"
    }
    assert makers == {"prove/obligations.py"}


def test_no_fix_over_evidence_is_shown_without_its_five_proofs_and_none_that_fails():
    rows = [json.loads(line) for line in (Path(__file__).parents[2] / "data" / "diagnoses.jsonl").read_text().splitlines()]
    seen = 0
    for row in rows:
        for one in pipeline.walk(row["input"]).explanation.fixes:
            seen += 1
            assert [p.obligation for p in one.proofs] == list(pipeline.OBLIGATIONS)
            assert all(p.holds is not False for p in one.proofs if p.obligation != "no_guard_weakened"), row["id"]
            weakened = any(p.holds is False for p in one.proofs)
            assert not weakened or one.applicability != "machine_applicable", row["id"]
    assert seen > 100
