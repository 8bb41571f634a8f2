import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from undeny.fix import documents
from undeny.iam import document, elements, wildcard

GET = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}


def doc(*statements, **more):
    return {"Version": "2012-10-17", "Statement": list(statements)} | more


def test_a_new_document_has_the_current_version():
    assert documents.added(None, GET) == doc(GET)


def test_a_statement_with_the_same_resource_takes_the_action_in():
    after = documents.added(doc(GET), GET | {"Action": "s3:PutObject"})
    assert after == doc(GET | {"Action": ["s3:GetObject", "s3:PutObject"]})


def test_a_statement_with_the_same_actions_takes_the_resource_in():
    after = documents.added(doc(GET), GET | {"Resource": "arn:aws:s3:::b/other"})
    assert after["Statement"] == [GET | {"Resource": ["arn:aws:s3:::b/k", "arn:aws:s3:::b/other"]}]


def test_a_statement_that_shares_neither_stands_beside_it():
    new = GET | {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/other"}
    assert documents.added(doc(GET), new) == doc(GET, new)


def test_a_statement_with_a_condition_takes_nothing_in():
    guarded = GET | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    new = GET | {"Action": "s3:PutObject"}
    assert documents.added(doc(guarded), new) == doc(guarded, new)


def test_a_deny_takes_nothing_in():
    deny = GET | {"Effect": "Deny"}
    new = GET | {"Action": "s3:PutObject"}
    assert documents.added(doc(deny), new) == doc(deny, new)


def test_a_principal_goes_to_its_kind_and_never_into_everybody():
    open_ = GET | {"Principal": "*"}
    new = GET | {"Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}}
    assert documents.added(doc(open_), new) == doc(open_, new)
    named = GET | {"Principal": {"Service": "s3.amazonaws.com"}}
    assert documents.added(doc(named), new)["Statement"][0]["Principal"] == {
        "Service": "s3.amazonaws.com",
        "AWS": "arn:aws:iam::111122223333:role/App",
    }


def test_unknown_elements_and_a_single_statement_object_stay():
    held = {"Version": "2012-10-17", "Id": "own", "Later": {"x": 1}, "Statement": GET}
    after = documents.added(held, GET | {"Action": "s3:PutObject"})
    assert after == {
        "Version": "2012-10-17",
        "Id": "own",
        "Later": {"x": 1},
        "Statement": GET | {"Action": ["s3:GetObject", "s3:PutObject"]},
    }


def test_a_taken_sid_gets_a_number():
    after = documents.added(
        doc(GET | {"Sid": "undeny"}), {"Sid": "undeny", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    )
    assert [s["Sid"] for s in after["Statement"]] == ["undeny", "undeny2"]


def test_condition_values_are_found_however_they_are_spelled():
    statement = GET | {"Condition": {"stringequals": {"AWS:SourceAccount": "1"}}}
    assert documents.with_condition_values(statement, "StringEquals", "aws:SourceAccount", ["1", "2"])["Condition"] == {
        "stringequals": {"AWS:SourceAccount": ["1", "2"]}
    }
    assert "Condition" not in documents.without_condition(statement, "StringEquals", "aws:sourceaccount")


ACTIONS = st.lists(
    st.sampled_from(["s3:GetObject", "s3:PutObject", "S3:getobject", "sqs:SendMessage"]), min_size=1, max_size=2, unique=True
)
RESOURCES = st.lists(st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "*"]), min_size=1, max_size=2, unique=True)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": ACTIONS, "Resource": RESOURCES},
    optional={"Condition": st.just({"Bool": {"aws:SecureTransport": "true"}})},
)


def opens(statements):
    """Every pair that some Allow without condition covers, over a small world: the meaning that a merge has to keep."""
    world = [(a, r) for a in ("s3:getobject", "s3:putobject") for r in ("arn:aws:s3:::b/k", "arn:aws:s3:::b/z", "arn:aws:x:::y")]
    return {
        (e, bool(s.get("Condition")), a, r)
        for s in statements
        for e in [s["Effect"]]
        for a, r in world
        if any(wildcard.matches(p, a, ignore_case=True) for p in s["Action"]) and any(wildcard.matches(p, r) for p in s["Resource"])
    }


@settings(max_examples=300, deadline=None)
@given(old=st.lists(STATEMENTS, max_size=3), new=STATEMENTS.filter(lambda s: s["Effect"] == "Allow"))
def test_adding_a_statement_opens_exactly_that_statement_and_changes_nothing_in_place(old, new):
    held = doc(*old)
    kept = copy.deepcopy(held)
    after = documents.added(held, new)
    assert held == kept
    assert opens(elements.statements(after)) == opens([*old, new])
    assert document.read(after).data == after
