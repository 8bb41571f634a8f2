"""What is called contained at a glance is contained: no request that the fix does not name is newly allowed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undeny import decide
from undeny.calls.model import Request
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import wildcard
from undeny.prove import contained

ROLE = "arn:aws:iam::111122223333:role/App"
CALLER = Request(principal=ROLE, action="s3:GetObject", resource="arn:aws:s3:::b/k", resource_account="111122223333")


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource, **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def edit(before, after, layer="identity", target=ROLE):
    return PolicyEdit(layer=layer, target=target, policy="p", before=before, after=after)


def fix(change, *grants):
    return Fix(id="f", title="t", layer="identity", applicability="machine_applicable", changes=(change,), grants=grants)


def plainly(change, *grants):
    return contained.plainly(change, fix(change, *grants), CALLER)


ACTIONS = st.lists(st.sampled_from(["s3:GetObject", "s3:Get*", "s3:PutObject", "s3:*"]), min_size=1, max_size=2, unique=True)
RESOURCES = st.lists(st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "*"]), min_size=1, max_size=2, unique=True)
GUARD = {"Bool": {"aws:SecureTransport": "true"}}
STATEMENTS = st.builds(lambda a, r, c: allow(a, r, **c), ACTIONS, RESOURCES, st.sampled_from([{}, {"Condition": GUARD}]))
GRANTS = st.tuples(st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*"]), st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "*"]))
WORLD = [
    (action, resource, secure)
    for action in ("s3:GetObject", "s3:GetObjectAcl", "s3:PutObject")
    for resource in ("arn:aws:s3:::b/k", "arn:aws:s3:::b/z", "arn:aws:s3:::c/k")
    for secure in ("true", "false")
]


def allowed(policy, action, resource, secure):
    request = {"principal": ROLE, "action": action, "resource": resource, "context": {"aws:SecureTransport": secure}}
    none = {"boundary": None, "session": None, "resource": None, "endpoint": None, "scp": [], "rcp": []}
    held = {"identity": [{"name": "p", "policy": policy}], **none}
    return decide.evaluate({"id": "x", "request": request, "policies": held}).decision == "allowed"


@settings(max_examples=80, deadline=None)
@given(old=st.lists(STATEMENTS, max_size=2), new=st.lists(STATEMENTS, min_size=1, max_size=2), grants=st.lists(GRANTS, max_size=2))
def test_what_is_plainly_contained_opens_only_what_the_fix_names(old, new, grants):
    before, after = doc(*old), doc(*old, *new)
    if not plainly(edit(before, after), *grants):
        return
    for action, resource, secure in WORLD:
        if allowed(after, action, resource, secure) and not allowed(before, action, resource, secure):
            assert any(wildcard.matches(a, action) and wildcard.matches(r, resource) for a, r in grants)


def test_the_exact_statement_is_plainly_what_the_fix_names():
    assert plainly(edit(None, doc(allow("s3:GetObject", "arn:aws:s3:::b/k"))), ("s3:GetObject", "arn:aws:s3:::b/k"))


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:GetObject", "arn:aws:s3:::b/*"),
        allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/k"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::b/k"},
        {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::c/*"},
    ],
)
def test_more_than_that_is_not(statement):
    assert not plainly(edit(None, doc(statement)), ("s3:GetObject", "arn:aws:s3:::b/k"))


def test_an_allow_under_a_condition_does_not_cover_one_without():
    guarded = allow("s3:GetObject", "arn:aws:s3:::b/k", Condition=GUARD)
    assert not plainly(edit(doc(guarded), doc(guarded, allow("s3:GetObject", "arn:aws:s3:::b/k"))))
    assert plainly(edit(doc(allow("s3:GetObject", "*")), doc(allow("s3:GetObject", "*"), guarded)))


def test_another_principal_is_not_the_caller():
    target = "arn:aws:sqs:eu-west-1:111122223333:q"
    statement = allow("sqs:SendMessage", target, Principal={"AWS": ROLE})
    named = ("sqs:SendMessage", target)
    assert plainly(edit(None, doc(statement), "resource", target), named)
    assert not plainly(edit(None, doc(statement | {"Principal": "*"}), "resource", target), named)
    assert not plainly(
        edit(None, doc(statement | {"Principal": {"AWS": [ROLE, "arn:aws:iam::111122223333:root"]}}), "resource", target), named
    )


def test_a_deny_that_changed_is_asked_about_beside_an_allow_of_everything():
    deny = {"Effect": "Deny", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}
    change = edit(doc(deny), doc(deny | {"Action": "s3:PutObject"}), "scp", "r-1")
    assert not contained.denies_stay(change)
    assert contained.beyond(change, fix(change, ("s3:GetObject", "arn:aws:s3:::b/*")), CALLER).holds is True
    told = contained.beyond(change, fix(change, ("s3:GetObject", "arn:aws:s3:::b/k")), CALLER)
    assert told.holds is False
    assert told.action == "s3:GetObject"
