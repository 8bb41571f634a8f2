"""How fast `check` answers, beside cvc5 and beside interegular: `python benchmarks/bench_check.py`.

Two hundred pairs of policies as people write them (`tests/generators/realistic.py`): time of each answer, how many stayed undecided (the
goal is none), and the same question put to cvc5 (`tests/differential/solver.py`), whose answers must agree wherever it ends. Then the
question under it, whether one union of ARN patterns has a text that another has not, put to interegular. Goals: median under 25 ms, 95th
percentile under 300 ms. Exits 1 where a goal is missed or an answer differs.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import interegular  # type: ignore[import-untyped]  # it has no types

from differential import solver
from generators import realistic
from undeny.prove.containment import no_new_access
from undeny.prove.containment.language import EFFORT, find_word
from undeny.prove.containment.patterns import resource
from undeny.prove.containment.search import Language

PAIRS = 200
MEDIAN, TAIL = 0.025, 0.3


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds that a piece of work took, and what it gave."""
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def spread(seconds: list[float]) -> str:
    """Write median, 95th percentile and worst."""
    ordered = sorted(seconds)
    at = (statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1])
    return "  ".join(f"{name} {value * 1000:8.1f} ms" for name, value in zip(("median", "95 %", "worst"), at, strict=True))


def policies() -> bool:
    """Compare with cvc5 on pairs of policies."""
    ours, theirs, differ, undecided, ended = [], [], 0, 0, 0
    for seed in range(PAIRS):
        service, old, new = realistic.pair(Random(seed))  # noqa: S311 - seeds, not secrets
        took, result = timed(lambda old=old, new=new: no_new_access(old, new))  # type: ignore[misc]  # bound at once
        ours.append(took)
        undecided += result.holds is None
        asked: Any = [result.witness.action] if result.witness else realistic.SERVICES[service]["actions"]
        took, said = timed(lambda: solver.no_new_access(service, asked, old, new))  # noqa: B023 - called at once
        theirs.append(took)
        ended += said is not None
        differ += said is not None and said is not result.holds
    print(f"undeny check    {spread(ours)}  undecided {undecided} of {PAIRS}")
    print(
        f"cvc5            {spread(theirs)}  ended {ended}, differ {differ}; undeny is {sum(theirs) / sum(ours):.1f} times as fast over all"
    )
    ordered = sorted(ours)
    return not differ and not undecided and statistics.median(ordered) < MEDIAN and ordered[int(PAIRS * 0.95)] < TAIL


def arns(rng: Random, count: int) -> list[str]:
    """Make patterns of queue and bucket ARNs, wildcards where people put them."""
    words = ("orders", "orders-*", "logs-????", "*-dlq", "app/*/in", "data", "*")
    return [
        f"arn:aws:sqs:{rng.choice(('eu-west-1', '*', 'eu-*'))}:{rng.choice(('111122223333', '*'))}:{rng.choice(words)}{i}"
        for i in range(count)
    ]


def unions(count: int, rounds: int = 5) -> None:
    """Compare with interegular on the difference of two unions of patterns."""
    ours, theirs = [], []
    for seed in range(rounds):
        rng = Random(seed)  # noqa: S311 - seeds, not secrets
        one, other = arns(rng, count), arns(rng, count)
        EFFORT.set([10**7])
        languages = [Language(frozenset(resource(text, {}) for text in texts)) for texts in (one, other)]
        took, word = timed(lambda: find_word([languages[0]], [languages[1]]))  # noqa: B023 - called at once
        ours.append(took)
        patterns = ["|".join(re.escape(text).replace(r"\*", ".*").replace(r"\?", ".") for text in texts) for texts in (one, other)]
        took, empty = timed(lambda: _difference(*patterns).empty())  # noqa: B023 - called at once
        theirs.append(took)
        if empty is not (word is None):
            print(f"  they differ on {one} and {other}")
    ratio = statistics.median(theirs) / statistics.median(ours)
    middles = f"undeny {statistics.median(ours) * 1000:8.2f} ms   interegular {statistics.median(theirs) * 1000:8.1f} ms"
    print(f"{count:3} ARN patterns  {middles}   {ratio:,.0f} times")


def _difference(one: str, other: str) -> Any:
    return interegular.parse_pattern(one).to_fsm().difference(interegular.parse_pattern(other).to_fsm())


def main() -> int:
    """Print both comparisons."""
    good = policies()
    for count in (1, 5, 20):
        unions(count, rounds=1 if count > 5 else 5)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
