"""The service files as a set: what they name is in the catalogue."""

import inspect
import re
from collections.abc import Iterator

import pytest

from undeny import catalog, dropins
from undeny.calls._place import SERVICES

FILES = dropins.names(SERVICES)
PUBLIC = {"SOURCE", "CONTEXT", "TAGGED", "PASSES", "KEYS", "KEY_WHY"}


def module(name):
    return dropins.load(SERVICES, name)


def actions(name) -> Iterator[str]:
    found = module(name)
    for table in ("TAGGED", "PASSES", "KEYS", "LINKED"):
        yield from getattr(found, table, {})
    yield from getattr(found, "TAGGED", {}).values()
    for operations in getattr(found, "KEYS", {}).values():
        yield from (f"kms:{operation}" for operation in operations)


@pytest.mark.parametrize("name", FILES)
def test_a_service_file_names_the_service_and_aws_page(name):
    found = module(name)
    assert catalog.service(name.rstrip("_").replace("_", "-")) is not None
    assert found.SOURCE.startswith("https://docs.aws.amazon.com/")
    assert found.__doc__


@pytest.mark.parametrize("name", FILES)
def test_every_action_that_a_service_file_maps_is_in_the_catalogue(name):
    assert [action for action in actions(name) if catalog.action(action) is None or catalog.action(action).name != action] == []


@pytest.mark.parametrize("name", FILES)
def test_every_action_that_stands_in_the_text_of_a_service_file_is_in_the_catalogue(name):
    text = inspect.getsource(module(name))
    beginnings = {"iam:Create"}
    written = set(re.findall(r'"([a-z][a-z0-9-]+:[A-Z][A-Za-z0-9]+)"', text))
    keys = {one for one in written if catalog.condition_key(one) is not None}
    assert sorted(one for one in written - keys - beginnings if catalog.action(one) is None) == []


def test_more_than_forty_services_tell_what_a_call_needs_beside():
    telling = [name for name in FILES if any(hasattr(module(name), one) for one in ("PASSES", "KEYS", "LINKED", "hidden"))]
    assert len(telling) >= 80


@pytest.mark.parametrize("name", FILES)
def test_every_condition_key_that_a_service_file_maps_is_in_the_catalogue(name):
    assert [key for key in getattr(module(name), "CONTEXT", {}).values() if catalog.condition_key(key) is None] == []
