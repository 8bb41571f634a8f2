"""The lab's service files as a set: what they map to exists, and what they promise is there."""

import pytest
from moto.core.utils import get_service_model

from undeny import catalog, dropins
from undeny.lab import services
from undeny.lab.services import _s3, kms, s3
from undeny.lab.services import ec2 as machines

NAMES = dropins.names("undeny.lab.services")


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_named_as_the_sdk_names_the_service_and_asks(name: str):
    # a dash of the SDK's name is `_` in a file's
    assert get_service_model(name.replace("_", "-")).operation_names
    assert callable(services.of(name).asked)


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_that_a_file_names_is_one_of_the_service(name: str):
    file = services.of(name)
    known = set(get_service_model(name.replace("_", "-")).operation_names)
    named = {*getattr(file, "ANSWERS", ()), *getattr(file, "AFTER", ()), *getattr(file, "DATA_EVENTS", ())}
    assert named <= known


def test_every_action_that_an_operation_of_s3_needs_is_in_the_catalogue():
    actions = {f"s3:{action}" for action in _s3.ACTIONS.values()}
    assert {action for action in actions if catalog.action(action) is None} == set()
    assert set(_s3.ACTIONS) <= set(get_service_model("s3").operation_names)


def test_operations_of_s3_that_the_table_leaves_out_are_actions_themselves_or_unknown_to_the_lab():
    known = [name for name in s3.DATA_EVENTS if name not in _s3.ACTIONS and catalog.action(f"s3:{name}") is None]
    assert known == ["DeleteObjects"]


def test_every_operation_of_kms_is_an_action_but_the_one_that_is_two():
    operations = get_service_model("kms").operation_names
    assert [name for name in operations if catalog.action(f"kms:{name}") is None] == ["ReEncrypt"]
    assert set(kms.ANY_KEY) <= set(operations)


def test_what_ec2_makes_has_a_resource_type_in_the_catalogue():
    for kind in {*machines.MADE.values(), *machines.IDS.values()}:
        account = "" if kind == "snapshot" else "111122223333"
        assert catalog.resource_types(f"arn:aws:ec2:eu-west-1:{account}:{kind}/x"), kind


def test_a_service_without_a_file_has_none():
    assert services.of("dynamodb") is None
