"""One change for many denials: each document once, each part needed, proved over all of them."""

import copy
import json

import undeny
from generators import outside
from undeny.lab.definition import decide

APP = "arn:aws:sts::111122223333:assumed-role/App/i-1"
ANA = "arn:aws:iam::111122223333:user/ana"
HELD = [
    {
        "name": "p",
        "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x"}]},
    }
]


def denied(action, resource, *, principal=APP, identity=HELD, account="111122223333", **layers):
    policies = {"identity": identity, "boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    request = {"principal": principal, "action": action, "resource": resource, "resource_account": account, "context": {}}
    return {"id": "x", "text": "Access Denied", "request": request, "policies": copy.deepcopy(policies | layers), "resources": {}}


def together(*rows):
    found = undeny.to_builtins(undeny.fix_all("\n".join(json.dumps(row) for row in rows)))
    return json.loads(json.dumps(found))


def holds(part):
    return {p["obligation"]: p["holds"] for p in part["proofs"]}


def through(row, parts):
    """Carry out what bears on a scenario by other code, and judge it by the definition."""
    changes = [c for part in parts for c in part["changes"] if c["target"] in (row["request"]["resource"], holder(row))]
    return decide(outside.carried_out(row, changes))["decision"]


def holder(row):
    return "arn:aws:iam::111122223333:role/App" if row["request"]["principal"] == APP else row["request"]["principal"]


def test_many_denials_of_one_caller_are_one_edit_of_one_document():
    rows = [denied(f"s3:{verb}Object", f"arn:aws:s3:::b/k{i}") for verb in ("Get", "Put") for i in (1, 2, 3)]
    found = together(*rows)
    (part,) = found["fixes"]
    (change,) = part["changes"]
    assert part["serves"] == [1, 2, 3, 4, 5, 6]
    assert set(holds(part).values()) == {True}
    assert len(change["after"]["Statement"]) == 2
    assert {through(row, found["fixes"]) for row in rows} == {"allowed"}


def test_what_an_earlier_change_lets_through_needs_no_other():
    row = denied("s3:GetObject", "arn:aws:s3:::b/k")
    found = together(row, row, row)
    assert [part["serves"] for part in found["fixes"]] == [[1, 2, 3]]
    assert found["fixes"][0]["changes"] == json.loads(json.dumps(undeny.to_builtins(undeny.explain(row))["fixes"][0]["changes"]))


def test_new_statements_for_a_caller_without_policies_are_one_new_policy():
    queue = "arn:aws:sqs:eu-west-1:111122223333:q"
    rows = [denied(f"sqs:{verb}Message", queue, principal=ANA, identity=[]) for verb in ("Send", "Delete")]
    (part,) = together(*rows, denied("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t", principal=ANA, identity=[]))["fixes"]
    (change,) = part["changes"]
    assert change["before"] is None
    assert len(change["after"]["Statement"]) == 2
    assert holds(part)["needed"] is True


def test_two_owners_are_two_parts_and_each_has_its_message():
    elsewhere = "arn:aws:sqs:eu-west-1:444455556666:theirs"
    send = [{"name": "send", "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}}]
    put = denied("s3:PutObject", "arn:aws:s3:::b/k", identity=[*HELD, *send])
    rows = (put, denied("sqs:SendMessage", elsewhere, identity=[*HELD, *send], account="444455556666"))
    parts = together(*rows)["fixes"]
    assert [part["owner"] for part in parts] == [None, "444455556666"]
    assert parts[1]["message"]
    assert [part["serves"] for part in parts] == [[1], [2]]


def test_a_policy_that_was_read_in_two_versions_is_not_changed_in_a_third():
    other = [{"name": "p", "policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}]}}]
    found = together(denied("s3:PutObject", "arn:aws:s3:::b/k"), denied("s3:PutObject", "arn:aws:s3:::b/z", identity=other))
    assert [part["serves"] for part in found["fixes"]] == [[1]]
    assert [one["number"] for one in found["left"]] == [2]
    assert "two versions" in found["left"][0]["why"]


def test_nothing_is_opened_to_one_caller_that_another_was_denied():
    rows = (denied("s3:PutObject", "arn:aws:s3:::b/k"), denied("s3:GetObject", "arn:aws:s3:::b/z", principal=ANA, identity=[]))
    found = together(*rows)
    crossed = denied("s3:PutObject", "arn:aws:s3:::b/k", principal=ANA, identity=[])
    assert {through(row, found["fixes"]) for row in rows} == {"allowed"}
    assert through(crossed, found["fixes"]) == "implicitly_denied"


def test_the_denial_behind_the_denial_is_in_the_one_change():
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    root = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    row = denied("s3:PutObject", "arn:aws:s3:::b/k")
    row["resources"] = {
        "arn:aws:s3:::b": {"settings": {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}},
        key: {"policy": {"Version": "2012-10-17", "Statement": [root]}, "settings": {"KeyManager": "CUSTOMER"}},
    }
    (part,) = together(row)["fixes"]
    opened = {action for action, *_ in part["grants"]}
    assert opened == {"s3:PutObject", "kms:GenerateDataKey"}
    assert holds(part)["suffices"] is True


def test_from_a_log_alone_the_statements_of_a_caller_are_put_together_and_nothing_is_called_proved():
    text = "User: arn:aws:sts::111122223333:assumed-role/Tf/x is not authorized to perform: {0} on resource: {1} because no identity-based policy allows the {0} action"
    calls = (("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t"), ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q"))
    (part,) = undeny.to_builtins(undeny.fix_all("\n".join(text.format(*call) for call in calls)))["fixes"]
    (change,) = part["changes"]
    assert [s["Action"] for s in change["after"]["Statement"]] == [action for action, _ in calls]
    assert set(holds(part).values()) == {None}
