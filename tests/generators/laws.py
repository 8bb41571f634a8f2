"""Changes to a scenario about which the laws speak: a statement added, the order turned round, a statement said twice."""

import copy
from random import Random
from typing import Any

from generators import scenarios

Json = dict[str, Any]
SETS = ("identity", "boundary", "session", "endpoint", "scope_down")
LAYERS = (*SETS, "resource", "scp", "rcp")
BY_PRINCIPAL = ("resource", "endpoint", "rcp")


def documents(scenario: Json, layer: str) -> list[Json]:
    """Every document of a layer that was read."""
    given = scenario["policies"].get(layer)
    if not given or given == "unknown":
        return []
    if layer == "resource":
        return [given]
    sets = [level["policies"] for level in given if level["policies"] != "unknown"] if layer in ("scp", "rcp") else [given]
    return [item["policy"] for policies in sets for item in policies]


def statements(document: Json) -> list[Json]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def with_statement(rng: Random, scenario: Json, effect: str, *, applying: bool = False) -> tuple[Json, str] | None:
    """The scenario with one more statement in one of its documents, and the layer; `None` where no document is there.

    An applying statement names everything; another is as random as the scenario's own.
    """
    changed = copy.deepcopy(scenario)
    layers = [layer for layer in LAYERS if documents(changed, layer)]
    if not layers:
        return None
    layer = rng.choice(layers)
    document = rng.choice(documents(changed, layer))
    more = scenarios.statement(rng, scenario["request"], scenario["id"], layer) if not applying else {"Action": "*", "Resource": "*"}
    if applying and layer in BY_PRINCIPAL:
        more["Principal"] = "*"
    if more.pop("NotPrincipal", None):
        more["Principal"] = "*"
    more["Effect"] = effect
    document["Statement"] = [*statements(document), more]
    return changed, layer


def shuffled(rng: Random, scenario: Json) -> Json:
    """The scenario with statements, policies, values and keys in another order, and some of them twice."""
    changed = copy.deepcopy(scenario)
    for layer in LAYERS:
        for document in documents(changed, layer):
            document["Statement"] = mixed(rng, [rearranged(rng, one) for one in statements(document)])
    for layer in SETS:
        given = changed["policies"].get(layer)
        if isinstance(given, list):
            changed["policies"][layer] = mixed(rng, given)
    for name in ("scp", "rcp"):
        given = changed["policies"].get(name)
        for level in given if isinstance(given, list) else ():
            if level["policies"] != "unknown":
                level["policies"] = mixed(rng, level["policies"])
    return changed


def mixed(rng: Random, items: list[Any]) -> list[Any]:
    more = items + [rng.choice(items)] * rng.randrange(2) if items else []
    return rng.sample(more, len(more))


def rearranged(rng: Random, statement: Json) -> Json:
    keys = rng.sample(sorted(statement), len(statement))
    changed = {key: statement[key] for key in keys}
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if isinstance(changed.get(key), list):
            changed[key] = mixed(rng, changed[key])
    if "Condition" in changed:
        changed["Condition"] = {
            name: {key: mixed(rng, values) if isinstance(values, list) else [values] for key, values in reversed(block.items())}
            for name, block in reversed(changed["Condition"].items())
        }
    return changed
