"""What holds of every comparison, whatever the policies: tried on random scenarios."""

import copy
import json
from random import Random

import pytest

from generators.laws import shuffled, with_statement
from generators.scenarios import scenario
from generators.world import OWN
from undeny import evaluate
from undeny.prove.comparing import compare

SEEDS = range(100)
NUMBER = "555566667777"


def _random(seed):
    rng = Random(seed)  # noqa: S311 - seeds, not secrets
    return rng, scenario(rng)


@pytest.mark.parametrize("part", range(2))
def test_order_and_repetition_change_nothing(part):
    for seed in SEEDS[part::2]:
        rng, a = _random(seed)
        found = compare(a, shuffled(rng, copy.deepcopy(a)))
        assert (found.differences, found.undecided) == ((), ()), f"seed {seed}: {found.summary}"
        assert found.alike is not False


def test_another_account_number_changes_nothing():
    compared = 0
    for seed in SEEDS:
        _, a = _random(seed)
        request = a["request"]
        if f":{OWN}:" not in (request["principal"] or "") and request["resource_account"] != OWN:
            continue
        found = compare(a, json.loads(json.dumps(a).replace(OWN, NUMBER)))
        assert (found.a.decision, found.differences) == (found.b.decision, ()), f"seed {seed}: {found.summary}"
        compared += 1
    assert compared > 50


@pytest.mark.parametrize("part", range(2))
def test_one_statement_more_is_found_in_its_layer_with_a_witness_that_both_sides_confirm(part):
    differing = 0
    for seed in range(part, 160, 2):
        rng, a = _random(seed)
        changed = with_statement(rng, a, rng.choice(["Allow", "Deny"]), applying=True)
        if changed is None:
            continue
        b, layer = changed
        found = compare(a, b)
        assert {one.layer for one in found.differences} <= {layer}, f"seed {seed}"
        if found.alike is False:
            [deciding] = [one for one in found.differences if one.decides]
            witness = deciding.witness
            assert found.layer == layer, f"seed {seed}"
            assert evaluate(a | {"request": witness.request_a}).decision == witness.call_a, f"seed {seed}"
            assert evaluate(b | {"request": witness.request_b}).decision == witness.call_b, f"seed {seed}"
            assert (witness.call_a == "allowed") != (witness.call_b == "allowed"), f"seed {seed}"
            differing += 1
    assert differing > 2
