"""The strategies as a set: every cause has a way out, every strategy says what it serves and where AWS says so."""

import pytest

from undeny import diagnose, dropins
from undeny.fix.propose import STRATEGIES, serving

MODULES = list(dropins.load_all(STRATEGIES))


def test_every_cause_has_a_strategy():
    assert [code for code in diagnose.catalogue() if not list(serving(code))] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_a_strategy_serves_known_causes_and_names_its_source(module):
    assert set(module.CODES) <= set(diagnose.catalogue())
    assert module.SOURCE.startswith("https://")
    assert module.__doc__
    assert module.propose.__doc__
