"""How many requests a processor second decides, beside npm's `@cloud-copilot/iam-simulate`: `python benchmarks/bench_peer.py`.

Two cases (`benchmarks/data`), each decided by both. The other one runs as a program of its own, one Node process, and is installed by
`make differential`; where it is not there, undeny's own figures are all that is printed. Times are processor seconds, the best of some
rounds, so that a loaded machine counts little. `--profile` prints where undeny's time goes.
"""

import cProfile
import gzip
import itertools
import json
import pstats
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from undeny.decide import compile_policies

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "differential"))

from simulate import Simulate, missing, simulation  # noqa: E402 - it stands beside, not in the package

Json = Mapping[str, Any]
GOALS = {"small": (150_000, 15), "large": (10_000, 200)}
"""Decisions a second, and times the peer."""
COMPILE_GOAL_MS = 150
EXPLAIN_GOAL = 1 / 3
"""Of the goal for decisions."""
ROUNDS = 5


def case(name: str) -> dict[str, Any]:
    """Read a case: a scenario with the decision that is expected."""
    found: dict[str, Any] = json.loads(gzip.decompress((HERE / "data" / f"{name}.json.gz").read_bytes()))
    return found


def rate(decide: Callable[[Json], object], requests: list[Json], seconds: float = 0.3) -> float:
    """Give requests a processor second, the best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        count, start = 0, time.process_time()
        while (used := time.process_time() - start) < seconds:
            for _ in range(max(1, 200 // len(requests))):
                for asked in requests:
                    decide(asked)
            count += len(requests) * max(1, 200 // len(requests))
        best = max(best, count / used)
    return best


def compiling(name: str) -> float:
    """Give milliseconds from JSON text to the first decision, the best of some rounds, each with texts that were not seen before."""
    scenario, best = case(name), float("inf")
    for index in range(ROUNDS):
        text = (
            json.dumps(scenario["policies"])
            .replace('"Sid": "', f'"Sid": "R{index}')
            .replace('"2012-10-17"', f'"2012-10-17", "Id": "r{index}"')
        )
        start = time.process_time()
        compile_policies(json.loads(text)).allows(scenario["request"])
        best = min(best, time.process_time() - start)
    return best * 1000


def least() -> Callable[[Json], object]:
    """Give the least that a decision in Python can do: fold the context's keys and look the request up."""
    known: dict[tuple[str, str, str], bool] = {}

    def look(request: Json) -> object:
        context = {key.lower(): value for key, value in request["context"].items()}
        return known.get((request["principal"], request["action"], request["resource"])), context

    return look


def neighbours(request: Json) -> list[Json]:
    """Give 2,000 requests that differ in their resource."""
    return [{**request, "resource": f"{request['resource']}.{number}"} for number in range(2000)]


def never_asked(compiled: Any, request: Json) -> Callable[[Json], object]:
    """Give an explained decision that was never asked before: each in a context of its own."""
    numbers = itertools.count()

    def decide(_: Json) -> object:
        context = {**request["context"], "aws:UserAgent": f"run-{next(numbers)}"}
        return compiled.decide({**request, "context": context})

    return decide


def peer_rate(scenario: dict[str, Any]) -> float | None:
    """Give the peer's decisions a processor second, `None` where it is not installed."""
    if missing():
        return None
    asked = {"now": "2026-01-01T00:00:00Z", **scenario}
    asked["policies"] = {**scenario["policies"], "endpoint": None}
    with Simulate() as peer:
        decision, why, _ = peer.decide(asked)
        if decision != scenario["expect"]["decision"]:
            raise SystemExit(f"the peer decides {decision} {why}, expected {scenario['expect']['decision']}")
        found = peer.ask({"bench": simulation(asked), "seconds": 3})
    return float(found["rate"])


def measure(name: str) -> bool:
    """Print one case; whether it reaches its goals."""
    scenario = case(name)
    compiled, request = compile_policies(scenario["policies"]), scenario["request"]
    verdict = compiled.decide(request)
    if verdict.decision != scenario["expect"]["decision"] or not compiled.allows(request):
        raise SystemExit(f"{name}: decides {verdict.decision}, expected {scenario['expect']['decision']}")
    same, other = rate(compiled.allows, [request]), rate(compiled.allows, neighbours(request))
    explained, theirs, ready = rate(compiled.decide, [request]), peer_rate(scenario), compiling(name)
    first = rate(never_asked(compiled, request), [request])
    goal, times = GOALS[name]
    floor = rate(least(), [request])
    print(f"{name}: {same:,.0f} decisions/s of one request, {other:,.0f} of 2,000 resources in turn (goal {goal:,})")
    print(f"  keys folded and the request looked up, no more: {floor:,.0f}/s; a decision costs {floor / same:.1f} times that")
    print(f"  with explanation of {len(verdict.statements)} statements {explained:,.0f}/s (goal {goal * EXPLAIN_GOAL:,.0f})")
    print(f"  with explanation, never asked before {first:,.0f}/s")
    print(f"  from JSON to the first decision {ready:.1f} ms (goal {COMPILE_GOAL_MS} for large)")
    if theirs:
        print(f"  iam-simulate {theirs:,.0f}/s; ratio {same / theirs:,.0f} (one request), {other / theirs:,.0f} (2,000) (goal {times})")
    reached = other >= goal and explained >= goal * EXPLAIN_GOAL and (name == "small" or ready < COMPILE_GOAL_MS)
    return reached and (theirs is None or other >= theirs * times)


def profile(name: str) -> None:
    """Print where the time of one case goes, each resource having come before."""
    scenario = case(name)
    compiled, requests = compile_policies(scenario["policies"]), neighbours(scenario["request"])
    for asked in requests * 2:
        compiled.allows(asked)
    watch = cProfile.Profile()
    watch.enable()
    for asked in requests * 10:
        compiled.allows(asked)
    watch.disable()
    pstats.Stats(watch).sort_stats("cumtime").print_stats(12)


def main() -> int:
    """Print each case, and which miss a goal: rates depend on the machine, so that is no failure."""
    if "--profile" in sys.argv:
        for name in GOALS:
            profile(name)
        return 0
    if lacking := missing():
        print(f"skipped the peer: {lacking}")
    missed = [name for name in GOALS if not measure(name)]
    print(f"a goal is missed on: {', '.join(missed)}" if missed else "all goals are reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
