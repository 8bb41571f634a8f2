"""Pairs of policies, the second near the first, and requests that might tell them apart."""

import copy
from random import Random
from typing import Any

from generators import scenarios, world
from generators.laws import statements
from generators.scenarios import chance

Json = dict[str, Any]
KINDS = [kind for kind in world.THINGS if kind not in ("pass-role", "nothing", "federation", "saml", "s3-access-point")]
SHAPED = (
    "aws:resourceaccount", "aws:sourceaccount", "aws:principalaccount", "kms:calleraccount", "aws:principaltype", "aws:requestedregion",
    *(key.lower() for key in world.TYPES["bool"]), "aws:currenttime", "aws:epochtime", "aws:viaawsservice", "aws:principalarn", "aws:username",
)  # fmt: skip
"""Keys whose values have a shape that random ones would not have, or follow from who calls."""


def pair(rng: Random) -> tuple[str, str, Json, Json, Json]:
    """Give the kind of thing, the layer, a request, a policy and another one near it."""
    kind = rng.choice(KINDS)
    asked = scenarios.request(rng, kind)
    layer = "resource" if kind not in ("user", "instance") and chance(rng, 50) else "identity"
    old = scenarios.document(rng, asked, kind, layer)
    new = copy.deepcopy(old) | {"Statement": copy.deepcopy(statements(old))}
    for _ in range(rng.randrange(3)):
        change(rng, asked, kind, layer, new["Statement"])
    return kind, layer, asked, old, new


def change(rng: Random, asked: Json, kind: str, layer: str, found: list[Json]) -> None:
    one = rng.choice(found)
    what = rng.randrange(6)
    if what == 0:
        found.append(scenarios.statement(rng, asked, kind, layer))
    elif what == 1 and len(found) > 1:
        found.remove(one)
    elif what == 2:
        one.pop("Condition", None)
    elif what == 3:
        one["Condition"] = scenarios.conditions(rng, asked, kind)
    elif what == 4 and "Resource" in one:
        one["Resource"] = scenarios.resources(rng, asked["resource"])
    elif "Action" in one:
        one["Action"] = scenarios.actions(rng, asked["action"])


def request(rng: Random, kind: str, asked: Json, policies: list[Json]) -> Json:
    """Make a request near what the policies speak of, each of their keys absent, random or as they want it."""
    made = scenarios.request(rng, kind) | ({"resource": asked["resource"], "action": asked["action"]} if chance(rng, 60) else {})
    made |= {"principal": asked["principal"]} if chance(rng, 60) else {}
    made.pop("unknown_keys", None)
    wanted: dict[str, list[str]] = {}
    for policy in policies:
        for block in (block for one in statements(policy) for block in one.get("Condition", {}).values()):
            for key, values in block.items():
                wanted.setdefault(key.lower(), []).extend(values if isinstance(values, list) else [values])
    made["context"] = {key: value(rng, key, values) for key, values in sorted(wanted.items()) if key not in SHAPED}
    return made | {"resource_account": None}


def value(rng: Random, key: str, wanted: list[str]) -> Any:
    if chance(rng, 25):
        return None
    if chance(rng, 30):
        return scenarios.context_value(rng, key)
    text = rng.choice(wanted).replace("*", "zz").replace("?", "z")
    return [text] if key in world.MULTIVALUED else text
