"""`check no-new-access` beside cvc5 and beside random requests, on policies as people write them. `benchmarks/bench_check.py` asks 200."""

from random import Random

import pytest

from differential import solver
from generators import realistic
from undeny.lab.definition import decide
from undeny.prove.containment import no_new_access

PAIRS = 60


@pytest.fixture(scope="module")
def answers():
    found = []
    for seed in range(PAIRS):
        service, old, new = realistic.pair(Random(seed))  # noqa: S311 - seeds, not secrets
        found.append((seed, service, old, new, no_new_access(old, new)))
    return found


def test_every_question_is_answered(answers):
    assert [seed for seed, *_, result in answers if result.holds is None] == []


def test_a_solver_agrees_wherever_it_ends(answers):
    ended = 0
    for seed, service, old, new, result in answers:
        asked = [result.witness.action] if result.witness else realistic.SERVICES[service]["actions"]
        said = solver.no_new_access(service, asked, old, new, milliseconds=400)
        assert said is None or said is result.holds, (seed, old, new)
        ended += said is not None
    assert ended >= PAIRS * 3 // 4


def test_no_random_request_refutes_what_is_proved(answers):
    tried = 0
    for seed, service, old, new, result in answers:
        rng = Random(seed)  # noqa: S311 - seeds, not secrets
        for _ in range(40 if result.holds else 0):
            request = realistic.request(rng, service, [old, new])
            if decided(new, request) == "allowed":
                tried += 1
                assert decided(old, request) == "allowed", (seed, old, new, request)
    assert tried > 50


def decided(document, request):
    layers = {"boundary": None, "session": None, "endpoint": None, "scp": [], "rcp": [], "resource": None}
    return decide({"request": request, "policies": layers | {"identity": [{"name": "p", "policy": document}]}})["layers"]["identity"]
