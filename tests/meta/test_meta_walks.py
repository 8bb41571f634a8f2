"""Every fix strategy is walked in the lab, or it is said why it cannot be."""

from generators import walks
from undeny import dropins


def test_every_strategy_is_walked_or_it_is_said_why_not():
    """A new strategy goes into one of the three of `tests/generators/walks.py`; a world for it into `tests/e2e/test_e2e_walks.py`."""
    told = [*walks.CARRIED_OUT, *walks.CALLS, *walks.NOT_CARRIED_OUT]
    assert len(told) == len(set(told))
    assert set(told) == set(dropins.names("undeny.fix.strategies"))
