"""Every wrapper, form and document is whole: it has a source and examples, its examples read as they say, and only it fits them."""

import pytest

from undeny import dropins
from undeny.denial import parse
from undeny.denial.choice import chosen
from undeny.denial.evened import passage_of
from undeny.denial.sentences import groups_of

FORMS = {name: dropins.load("undeny.denial.forms", name) for name in dropins.names("undeny.denial.forms")}
WRAPPERS = {name: dropins.load("undeny.denial.wrappers", name) for name in dropins.names("undeny.denial.wrappers")}
DOCUMENTS = {name: dropins.load("undeny.denial.documents", name) for name in dropins.names("undeny.denial.documents")}
EXAMPLES = [(module, text) for module in (*FORMS.values(), *WRAPPERS.values()) for text in module.EXAMPLES]
FORM_EXAMPLES = [(name, text) for name, module in FORMS.items() for text in module.EXAMPLES]


@pytest.mark.parametrize("module", [*FORMS.values(), *WRAPPERS.values(), *DOCUMENTS.values()], ids=lambda module: module.__name__)
def test_a_drop_in_names_its_source_and_shows_examples(module):
    assert module.SOURCE.startswith("https://")
    assert module.EXAMPLES
    assert module.__doc__


@pytest.mark.parametrize(("module", "text"), EXAMPLES, ids=lambda value: getattr(value, "__name__", "")[-30:])
def test_an_example_reads_as_it_says(module, text):
    found = parse(text)
    assert len(found) == 1, [denial.message for denial in found]
    expected = module.EXAMPLES[text]
    assert {key: getattr(found[0], key) for key in expected} == expected


@pytest.mark.parametrize(("name", "text"), FORM_EXAMPLES, ids=lambda value: value[:40])
def test_exactly_one_form_fits_what_the_wrappers_leave(name, text):
    passage = passage_of(text)
    group = next(groups_of(passage))
    begin, end = group.sentence(passage)
    left = passage_of(text[begin:end])
    fitting = {
        form for form, module in FORMS.items() if any(literal in passage.low for literal in module.NEEDS) and list(module.find(left))
    }
    needing_their_wrapper = {"malformed_policy", "identity_center_no_access"}
    assert fitting == {name} or (not fitting and name in needing_their_wrapper and group.core.name == name)


@pytest.mark.parametrize("name", [*FORMS])
def test_the_literals_of_a_form_are_in_each_of_its_examples(name):
    for text in FORMS[name].EXAMPLES:
        assert any(literal in passage_of(text).low for literal in FORMS[name].NEEDS)


def test_literals_are_in_lower_case():
    assert [name for name, module in {**FORMS, **WRAPPERS}.items() for literal in module.NEEDS if literal != literal.lower()] == []


@pytest.mark.parametrize("name", [*DOCUMENTS])
def test_exactly_one_kind_of_document_fits_an_example(name):
    for example in DOCUMENTS[name].EXAMPLES:
        assert [other for other, module in DOCUMENTS.items() if module.fits(example)] == [name]
        assert parse(example)


def test_the_literals_are_found_without_importing_the_file():
    for package, modules in (("undeny.denial.forms", FORMS), ("undeny.denial.wrappers", WRAPPERS)):
        assert {name: module.NEEDS for name, module in modules.items()} == dict(dropins.needs(package))


def test_the_chosen_drop_ins_are_those_of_whose_literals_one_is_in_the_text():
    packages = ("undeny.denial.wrappers", "undeny.denial.forms")
    literals = [literal for package in packages for wanted in dropins.needs(package).values() for literal in wanted]
    for place, literal in enumerate(literals):
        text = "x" * (place % 7) + literal + "y" * (place % 3)
        wanted = tuple(tuple(dropins.load_for(package, text)) for package in packages)
        assert chosen(packages, text) == wanted
