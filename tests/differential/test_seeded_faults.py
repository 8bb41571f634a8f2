"""The comparison bites: each seeded fault of the definition shows as a disagreement with the engine."""

from random import Random

import pytest

from generators.mutants import FAULTS, mutant
from generators.scenarios import scenario
from undeny.decide import evaluate


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_caught(fault: str):
    decide = mutant(*FAULTS[fault])
    given = (scenario(Random(seed)) for seed in range(3000))  # noqa: S311 - seeds, not secrets
    assert any(decide(one)["decision"] != evaluate(one).decision for one in given)
