import json

import pytest

from undeny.errors import UndenyError
from undeny.iam import document, write

GOOD = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


def codes(source: object) -> list[str]:
    return [problem.code for problem in document.read(json.dumps(source)).problems]


def with_statement(**elements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [{**GOOD["Statement"][0], **elements}]}  # type: ignore[dict-item] # a list of objects


def test_a_document_is_kept_byte_for_byte():
    text = '{ "Version" :"2012-10-17",\n\t"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Later":1}}'
    found = document.read(text)
    assert found.text == text
    assert found.statements[0].raw["Later"] == 1
    assert [problem.code for problem in found.problems] == ["unknown-element"]


def test_a_good_document_has_no_problems():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("source", "code", "usable"),
    [
        (with_statement(Effect="allow"), "bad-effect", False),
        (with_statement(Action="GetObject"), "bad-action", False),
        (with_statement(Action="s3*:GetObject"), "bad-action", False),
        (with_statement(Action=[]), "empty-list", True),
        (with_statement(NotAction="s3:*"), "both-action", False),
        (with_statement(Principal="arn:aws:iam::111122223333:root"), "bad-principal", False),
        (with_statement(Principal={"Aws": "*"}), "bad-principal", False),
        (with_statement(Condition=[]), "bad-condition", False),
        (with_statement(Condition={"StringEquals": {"k": {}}}), "bad-condition-value", False),
        (with_statement(Condition={"StringMatches": {"k": "v"}}), "unknown-operator", True),
        (
            with_statement(Resource="arn:aws:s3:::b/${aws:username}", Condition={"StringLike": {"k": "${a,'b'}"}}),
            "default-without-space",
            True,
        ),
        ({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}, "missing-action", False),
        ({"Version": "2012-10-17", "Statement": ["no"]}, "bad-statement", False),
    ],
)
def test_a_fault_is_told_and_the_statement_is_kept(source: dict[str, object], code: str, usable):
    found = document.read(json.dumps(source))
    assert [problem.code for problem in found.problems] == [code]
    assert [statement.usable for statement in found.statements] == [usable]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ([], "not-an-object"),
        ({"Version": "2012-10-17"}, "missing-statement"),
        ({**GOOD, "Version": "2012-10-18"}, "bad-version"),
        ({**GOOD, "Comment": "x"}, "unknown-element"),
        ({**GOOD, "Statement": [{**GOOD["Statement"][0], "Sid": "a"}] * 2}, "same-sid"),  # type: ignore[dict-item] # a list of objects
    ],
)
def test_a_fault_of_the_whole_document_is_told(source: object, code: str):
    assert codes(source) == [code]


def test_a_fault_has_its_place():
    text = '{\n "Version": "2012-10-17",\n "Statement": [\n  {"Effect": "Alow", "Action": "*", "Resource": "*"}\n ]\n}'
    (problem,) = document.read(text).problems
    assert problem.path == "Statement[0].Effect"
    assert problem.place is not None
    assert (problem.place.line, problem.place.column, problem.place.length) == (4, 14, 6)
    assert text[problem.place.offset : problem.place.offset + problem.place.length] == '"Alow"'


def test_a_name_that_comes_twice_is_found_and_the_last_counts():
    found = document.read('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}')
    assert [(problem.code, problem.path) for problem in found.problems] == [("duplicate-key", "Statement[0].Effect")]
    assert found.statements[0].effect == "Deny"


@pytest.mark.parametrize("text", ["", "{", '{"a":1,}', "not json", '{"a" 1}', "[1,,2]", '{"a": "\n"}'])
def test_what_is_no_json_is_refused_with_its_place(text: str):
    with pytest.raises(UndenyError, match=r"line \d+, column \d+"):
        document.read(text)


def test_a_deep_document_is_refused_rather_than_crashing():
    with pytest.raises(UndenyError):
        document.read("[" * 100_000)


def test_the_lone_value_stands_for_a_list_of_one():
    text = '{"Statement": {"Effect": "Allow", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}}'
    found = document.read(text)
    for path, wanted in [
        (("Statement", 0, "Action", 0), '"s3:*"'),
        (("Statement", 0, "Condition", "Bool", "aws:SecureTransport", 0), '"true"'),
    ]:
        where = document.locate(found, path)
        assert where is not None
        assert text[where.offset : where.offset + where.length] == wanted
    name = document.locate_key(found, ("Statement", 0, "Condition", "Bool"))
    assert name is not None
    assert text[name.offset : name.offset + name.length] == '"Bool"'
    assert document.locate(found, ("Statement", 3)) is None


def test_a_mapping_has_text_made_for_it_and_no_places():
    found = document.read(with_statement(Effect="x"))
    assert found.from_mapping
    assert json.loads(found.text) == found.data
    assert found.problems[0].place is None


def test_text_that_aws_encoded_is_decoded():
    found = document.read("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D")
    assert found.version == "2012-10-17"


def test_values_of_conditions_are_text():
    found = document.read(with_statement(Condition={"Bool": {"k": True}, "NumericEquals": {"n": [1, 2.5]}}))
    assert [condition.values for condition in found.statements[0].condition] == [("true",), ("1", "2.5")]


def test_sizes_are_counted_as_aws_counts_them():
    text = write.dump(GOOD)
    assert write.size(GOOD, "scp") == len(json.dumps(GOOD, separators=(",", ":")))
    assert write.size(text, "scp") == len(text)
    assert write.size(text, "identity") == len("".join(text.split()))
    assert write.size(text, "trust") == write.size(text, "identity")
    assert document.read(text).data == GOOD
