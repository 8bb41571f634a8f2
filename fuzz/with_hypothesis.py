"""Inputs that a grammar of broken texts, bytes and events gives: `python fuzz/with_hypothesis.py RUNS SEED`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from target import Count, a_text, an_event, some_bytes

from generators import broken

KINDS = ((broken.wrapped_texts, a_text, 5), (broken.events, an_event, 3), (broken.any_bytes, some_bytes, 2))
"""Strategy, what is tried, and its share of ten runs."""


def attempts(strategy: SearchStrategy[Any], trial: Callable[[Any, Count], None], count: Count) -> Callable[[], None]:
    """Give a test that tries what the strategy gives."""

    @given(strategy)
    def attempt(value: Any) -> None:
        trial(value, count)

    return attempt


def main() -> int:
    """Try each kind; a failing input is made small, shown, and ends the run."""
    runs, start = int(sys.argv[1]), int(sys.argv[2])
    count = Count()
    for number, (strategy, trial, share) in enumerate(KINDS):
        limited = settings(
            max_examples=runs * share // 10,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        limited(seed(start + number)(attempts(strategy, trial, count)))()
    print(f"hypothesis {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
