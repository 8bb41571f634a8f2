"""The comparison bites: each seeded fault of the definition shows as a disagreement with the engine."""

from functools import cache
from random import Random

import pytest

from generators.mutants import FAULTS, mutant
from generators.scenarios import scenario
from undeny import catalog
from undeny.decide import evaluate

SUPPORTED = frozenset(catalog.rcp_services().prefixes)


@cache
def by_engine(seed: int) -> str:
    return evaluate(scenario(Random(seed))).decision  # noqa: S311 - seeds, not secrets


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_caught(fault: str):
    decide = mutant(*FAULTS[fault])
    seeds = range(4000)
    assert any(decide(scenario(Random(seed)), SUPPORTED)["decision"] != by_engine(seed) for seed in seeds)  # noqa: S311 - seeds, not secrets
