import pytest

from undeny import dropins
from undeny.diagnose import bucket_of, catalogue

CAUSES = "undeny.diagnose.causes"
# The interface's cause codes, by bucket.
CODES = {
    "permission": """identity-missing-allow identity-explicit-deny resource-missing-allow resource-explicit-deny scp-missing-allow
        scp-explicit-deny rcp-explicit-deny boundary-missing-allow boundary-explicit-deny session-missing-allow session-explicit-deny
        scope-down-missing-allow scope-down-explicit-deny endpoint-missing-allow endpoint-explicit-deny trust-policy kms-key-policy kms-grant
        pass-role condition-mismatch wrong-resource-arn object-ownership block-public-access object-lock requester-pays lake-formation
        kubernetes-rbac model-access identity-center-assignment service-linked-role""",
    "credentials": "wrong-principal no-credentials expired-token invalid-token clock-skew signature-mismatch quarantined-key",
    "propagation": "propagation",
    "account": "account-restriction",
    "call": "call-not-supported entity-already-exists malformed-policy not-found-hidden",
    "network": """network-security-group network-nacl network-route network-endpoint network-dns network-proxy network-unreachable""",
    "quota": "quota-count throttled policy-size-limit",
    "service": "service-event service-fault capacity",
}


def test_the_catalogue_has_the_codes_of_the_interface_and_no_other():
    assert set(catalogue()) == {code for codes in CODES.values() for code in codes.split()}


def test_a_code_decides_its_bucket():
    assert {code: bucket_of(code) for code in catalogue()} == {code: bucket for bucket, codes in CODES.items() for code in codes.split()}


def test_a_code_that_is_none_of_ours_has_no_bucket():
    with pytest.raises(KeyError):
        bucket_of("access-denied")


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_cause_says_what_it_is_its_signs_and_what_mends_it_and_what_does_not(code):
    info = catalogue()[code]
    assert info.title
    assert all(part in info.text for part in ("Signs:", "Mends it:", "Does not:"))
    assert not info.text.startswith("Signs:")
    assert info.source.startswith("https://")
    assert info.example


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_related_causes_are_there(code):
    assert set(catalogue()[code].related) <= set(catalogue()) - {code}


@pytest.mark.parametrize("name", dropins.names(CAUSES))
def test_a_cause_stands_in_the_file_of_its_name(name):
    drop_in = dropins.load(CAUSES, name)
    assert drop_in.INFO.code == name.replace("_", "-")
    assert callable(drop_in.look)


@pytest.mark.parametrize("name", [name for name, needs in dropins.needs(CAUSES).items() if needs])
def test_a_file_that_names_what_it_needs_is_loaded_for_each_of_its_signs(name):
    needs = dropins.needs(CAUSES)[name]
    for sign in dropins.load(CAUSES, name).SIGNS:
        for literal in sign.errors or sign.endings or sign.words or sign.also or tuple(str(status) for status in sign.status):
            assert any(need in text for text in (literal, *sign.also) for need in needs), (name, literal)


@pytest.mark.parametrize("name", [name for name in dropins.names(CAUSES) if hasattr(dropins.load(CAUSES, name), "SIGNS")])
def test_the_words_of_a_sign_are_in_lower_case_and_none_stands_twice(name):
    for sign in dropins.load(CAUSES, name).SIGNS:
        words = (*sign.errors, *sign.endings, *sign.words, *sign.also, *sign.never, *sign.operations)
        assert all(word == word.lower() and word for word in words)
        for group in (sign.errors, sign.endings, sign.words, sign.also, sign.never, sign.operations):
            assert isinstance(group, tuple)
            assert len(group) == len(set(group))
