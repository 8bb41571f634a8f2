"""Random scenarios: a request first, then policies that nearly or just fit it, so that each statement has a fair chance to apply.

All chance comes from a `random.Random`, so that hypothesis (`st.randoms(use_true_random=False)`) can shrink and a campaign can count
seeds.
"""

from random import Random
from typing import Any

from generators import world
from generators.world import OTHER, OWN

Json = dict[str, Any]
TRUST = ("trust", "federation", "saml")


def full(layer: str) -> Json:
    """The policy that allows everything: a document of its own each time, since the laws change what they are given."""
    named = {"Principal": "*"} if layer in ("endpoint", "rcp", "resource") else {}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **named, "Action": "*", "Resource": "*"}]}


def chance(rng: Random, percent: int) -> bool:
    return rng.randrange(100) < percent


def pick(rng: Random, *weighted: tuple[int, Any]) -> Any:
    """One of several by weight."""
    at = rng.randrange(sum(weight for weight, _ in weighted))
    for weight, value in weighted:
        if at < weight:
            return value
        at -= weight
    raise AssertionError(weighted)


# ---- requests


def request(rng: Random, kind: str) -> Json:
    thing = world.THINGS[kind]
    resource = rng.choice(thing["resources"])
    owner = None if resource == "*" else resource.split(":")[4] or pick(rng, (4, OWN), (1, OTHER))
    if resource != "*" and kind != "pass-role" and chance(rng, 25):
        owner, resource = OTHER, resource.replace(OWN, OTHER)
    if kind.startswith("s3-") and chance(rng, 5):
        owner = None  # what AWS owns
    found: Json = {
        "principal": principal(rng, kind),
        "action": rng.choice(thing["actions"]),
        "resource": resource,
        "resource_account": owner,
    }
    keys = rng.sample((*world.COMMON, *thing["keys"]), rng.randrange(5)) + list(thing["keys"][: rng.randrange(2)])
    found["context"] = {key: None if chance(rng, 4) else context_value(rng, key) for key in keys if key != "aws:PrincipalArn"}
    if ":assumed-role/" in found["principal"] and chance(rng, 15):  # the path of the role, which a session's ARN does not show
        account, role = found["principal"].split(":")[4], found["principal"].split("/")[1]
        found["context"]["aws:PrincipalArn"] = f"arn:aws:iam::{account}:role/{rng.choice(('', 'deploy/'))}{role}"
    unknown = [key for key in rng.sample((*world.COMMON, *thing["keys"]), rng.randrange(3)) if key not in found["context"]]
    unknown += [key for key in ("aws:PrincipalTag/team",) if key not in (*unknown, *found["context"]) and chance(rng, 20)]
    if unknown and chance(rng, 35):
        found["unknown_keys"] = unknown
    return found


def principal(rng: Random, kind: str) -> str:
    if kind in ("federation", "saml"):
        return rng.choice(world.PROVIDERS) if kind == "federation" else world.SAML
    if kind == "s3-object" and chance(rng, 5):
        return world.OAI
    callers = pick(
        rng, (6, world.SESSIONS), (4, world.USERS), (2, world.ROLES), (1, world.FEDERATED), (1, world.ROOTS), (1, world.LINKED),
        (2, world.SERVICES), (1, ("anonymous",)),
    )  # fmt: skip
    return rng.choice(callers)


def values_of(key: str) -> tuple[str, ...]:
    return world.KEY_VALUES.get(key.lower()) or world.VALUES[world.TYPE_OF.get(key.lower(), "string")]


def context_value(rng: Random, key: str) -> str | list[str]:
    values = values_of(key)
    if key.lower() in world.MULTIVALUED:
        return [rng.choice(values) for _ in range(rng.randrange(4))]
    return rng.choice(values)


# ---- statements


def actions(rng: Random, asked: str) -> str | list[str]:
    service, name = asked.split(":")
    near = [f"{service}:{name}X", f"{service}:{name[:-1]}", "logs:PutLogEvents", f"{service}:Describe*", f"{service}:?{name}"]
    fitting = [
        asked,
        asked.lower(),
        f"{service}:*",
        f"{service}:{name[:3]}*",
        f"{service}:*{name[-4:]}",
        f"{service.upper()}:?{name[1:]}",
        "*",
    ]
    entries = [rng.choice(fitting if chance(rng, 75) else near) for _ in range(1 + chance(rng, 30))]
    return entries if len(entries) > 1 or chance(rng, 30) else entries[0]


def resource_pattern(rng: Random, arn: str) -> str:
    if chance(rng, 30) or arn == "*":
        return "*" if chance(rng, 85) else "arn:aws:s3:::other/*"
    parts, at = arn.split(":", 5), rng.randrange(len(arn))
    last = parts[5]
    made = [
        arn,
        arn[: at + 1] + "*",
        arn[:at] + "?" + arn[at + 1 :],
        arn[:at] + "*" + arn[rng.randrange(at, len(arn)) :],
        ":".join([*parts[:3], "*", "*", last]),
        ":".join([*parts[:3], "*", last]),
        ":".join([*parts[:5], "*" + last[len(last) // 2 :]]),
        ":".join([*parts[:5], last + "/*"]),
        ":".join([*parts[:5], last[: len(last) // 2] + "*"]),
        arn.replace("alice", "${aws:username}"),
        arn.replace("orders", "${aws:PrincipalTag/team, 'orders'}"),
        arn.replace("data", "${aws:PrincipalTag/team}"),
        arn.upper(),
        arn + "x",
    ]
    return rng.choice(made)


def resources(rng: Random, arn: str) -> str | list[str]:
    entries = [resource_pattern(rng, arn) for _ in range(1 + chance(rng, 25))]
    return entries if len(entries) > 1 else entries[0]


def principals(rng: Random, caller: str) -> Any:
    """A principal element that names the caller in one way or another, or somebody else."""
    if chance(rng, 30):
        return pick(rng, (1, "*"), (1, {"AWS": "*"}))
    if not caller.startswith("arn:") or "-provider/" in caller:
        kind = "Service" if caller in world.SERVICES else "Federated" if caller != "anonymous" else "AWS"
        named = rng.choice(world.SERVICES if kind == "Service" else world.PROVIDERS if kind == "Federated" else world.OTHERS)
        return {kind: caller if caller != "anonymous" and chance(rng, 70) else named}
    entries = [rng.choice(ways_to_name(caller)) if chance(rng, 75) else rng.choice(world.OTHERS) for _ in range(1 + chance(rng, 35))]
    element: Json = {"AWS": entries if len(entries) > 1 else entries[0]}
    return element | ({"Service": "lambda.amazonaws.com"} if chance(rng, 10) else {})


def ways_to_name(arn: str) -> list[str]:
    account, name = arn.split(":")[4], arn.rsplit("/", maxsplit=1)[-1]
    ways = [arn, account, f"arn:aws:iam::{account}:root"]
    if ":assumed-role/" in arn:
        role = arn.split("/")[1]
        ways += [f"arn:aws:iam::{account}:role/{role}", f"arn:aws:iam::{account}:role/deploy/{role}"]
    if ":federated-user/" in arn:
        ways += [f"arn:aws:iam::{account}:user/team/{name}"]
    if ":role/" in arn:
        ways += [f"arn:aws:sts::{account}:assumed-role/{name}/somebody"]
    return ways


def operator(rng: Random, key: str) -> str:
    kind = world.TYPE_OF.get(key.lower(), "string")
    name = rng.choice(world.OPERATORS[kind if chance(rng, 85) else rng.choice(("string", kind))])
    if chance(rng, 8):
        return "Null"
    if (key.lower() in world.MULTIVALUED and chance(rng, 85)) or chance(rng, 4):
        name = rng.choice(("ForAllValues:", "ForAnyValue:")) + name
    return name + ("IfExists" if chance(rng, 15) else "")


def wanted(rng: Random, key: str, name: str, asked: Json) -> str | list[str]:
    if name == "Null":
        return rng.choice(("true", "false"))
    got = {k.lower(): v for k, v in asked["context"].items()}.get(key.lower())
    given = [v for v in (got if isinstance(got, list) else [got]) if v]
    found = []
    for _ in range(1 + chance(rng, 35)):
        value = rng.choice(given) if given and chance(rng, 60) else rng.choice(values_of(key))
        if ("String" in name or "Arn" in name) and chance(rng, 25):
            value = rng.choice((
                value[: len(value) // 2] + "*", value.replace("a", "?", 1), value.upper(), "${aws:PrincipalTag/team}", "${aws:username}", "${*}",
                "${aws:PrincipalTag/team, 'blue'}", value + "${?}", "${aws:SourceAccount}", "arn:aws:iam::${aws:PrincipalAccount}:role/App",
            ))  # fmt: skip
        found.append(value)
    return found if len(found) > 1 or chance(rng, 20) else found[0]


def conditions(rng: Random, asked: Json, kind: str) -> Json:
    block: dict[str, Json] = {}
    likely = [*asked["context"], *asked.get("unknown_keys", ())] or list(world.COMMON)
    for _ in range(pick(rng, (5, 1), (2, 2), (1, 3))):
        key = rng.choice(likely if chance(rng, 65) else (*world.COMMON, *world.THINGS[kind]["keys"]))
        key = key.lower() if chance(rng, 10) else key
        name = operator(rng, key)
        block.setdefault(name, {})[key] = wanted(rng, key, name, asked)
    if chance(rng, 2):
        block["StringResembles"] = {"aws:SourceIp": "x"}
    return block


def statement(rng: Random, asked: Json, kind: str, layer: str) -> Json:
    effect = "Deny" if chance(rng, 75 if layer in ("scp", "rcp") else 22) else "Allow"
    made: Json = {"Effect": effect}
    if chance(rng, 20):
        made["Sid"] = f"S{rng.randrange(3)}"
    made["NotAction" if chance(rng, 10) else "Action"] = actions(rng, asked["action"])
    if layer in ("resource", "rcp", "endpoint"):
        element = "NotPrincipal" if layer == "resource" and effect == "Deny" and chance(rng, 15) else "Principal"
        made[element] = "*" if layer == "rcp" else principals(rng, asked["principal"])
        if element == "NotPrincipal" and "*" in str(made[element]):  # spares everyone: nobody writes it, and AWS does not say what it does
            made[element] = {"AWS": world.OTHERS[0]}
    if not (layer == "resource" and kind in TRUST):
        made["NotResource" if chance(rng, 8) else "Resource"] = resources(rng, asked["resource"])
    if chance(rng, 65 if effect == "Deny" else 35):
        made["Condition"] = conditions(rng, asked, kind)
    return made


def document(rng: Random, asked: Json, kind: str, layer: str) -> Json:
    found = [statement(rng, asked, kind, layer) for _ in range(pick(rng, (4, 1), (3, 2), (1, 3)))]
    version = pick(rng, (9, {"Version": "2012-10-17"}), (1, {}), (1, {"Version": "2008-10-17"}))
    return version | {"Statement": found if len(found) > 1 or chance(rng, 50) else found[0]}


# ---- layers


def policy_list(rng: Random, asked: Json, kind: str, layer: str) -> list[Json]:
    found = [{"name": f"p{i}", "policy": document(rng, asked, kind, layer)} for i in range(pick(rng, (1, 0), (5, 1), (3, 2)))]
    return [*found, {"name": "full", "policy": full(layer)}] if chance(rng, 30) else found


def levels(rng: Random, asked: Json, kind: str, layer: str) -> list[Json]:
    found = []
    for target in ("r-root", "ou-1", OWN)[: 1 + rng.randrange(3)]:
        more = [{"name": f"{target}-{i}", "policy": document(rng, asked, kind, layer)} for i in range(pick(rng, (3, 0), (2, 1)))]
        policies: Any = [{"name": "full", "policy": full(layer)}, *more] if layer == "rcp" or chance(rng, 90) else more
        found.append({"target": target, "policies": "unknown" if chance(rng, 2) else policies})
    return found


def policies(rng: Random, asked: Json, kind: str) -> Json:
    def maybe(none: int, layer: str) -> Any:
        return pick(rng, (none, None), (90 - none, policy_list(rng, asked, kind, layer)), (4, "unknown"))

    made: Json = {
        "identity": policy_list(rng, asked, kind, "identity"),
        "boundary": maybe(60, "boundary"),
        "session": maybe(65, "session"),
        "endpoint": maybe(75, "endpoint"),
        "scope_down": maybe(80, "scope_down"),
        "resource": resource_policy(rng, asked, kind),
        "scp": pick(rng, (5, []), (5, levels(rng, asked, kind, "scp"))),
        "rcp": pick(rng, (6, []), (4, levels(rng, asked, kind, "rcp"))),
    }
    if chance(rng, 60):  # most layers out of the way, or nearly everything would be denied
        calm: Json = {"boundary": None, "session": None, "endpoint": None, "scope_down": None, "scp": [], "rcp": []}
        made |= {layer: calm[layer] for layer in rng.sample(sorted(calm), rng.choice((4, 5, 6)))}
    if chance(rng, 8):
        made[rng.choice(("identity", "resource", "scp", "rcp"))] = "unknown"
    if chance(rng, 4):
        del made[rng.choice(list(made))]
    return made


def resource_policy(rng: Random, asked: Json, kind: str) -> Any:
    if kind in ("user", "pass-role", "nothing", "instance"):
        return None
    if kind not in ("key", *TRUST) and chance(rng, 35):
        return None
    made = document(rng, asked, kind, "resource")
    if kind == "key" and chance(rng, 50):
        root = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{asked['resource_account']}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
        made["Statement"] = [root, *(made["Statement"] if isinstance(made["Statement"], list) else [made["Statement"]])]
    return made


# ---- things and their settings


def things(rng: Random, asked: Json, kind: str) -> Json:
    found: Json = {}
    if kind == "s3-access-point":
        found |= access_point_things(rng, asked)
    elif kind.startswith("s3-") and chance(rng, 40):
        found |= s3_things(rng, asked)
    if kind == "key" and chance(rng, 50):
        found[asked["resource"]] = {"settings": {"KeyManager": pick(rng, (5, "CUSTOMER"), (1, "AWS")), "Grants": kms_grants(rng, asked)}}
    if chance(rng, 5):
        account = rng.choice((OWN, OTHER))
        found[f"arn:aws:iam::{account}:root"] = {"settings": {"MasterAccountId": rng.choice((OWN, OTHER))}}
    vpce = asked["context"].get("aws:SourceVpce")
    if vpce and chance(rng, 50):
        found[f"arn:aws:ec2:eu-west-1:{OWN}:vpc-endpoint/{vpce}"] = {"settings": {"VpcEndpointType": rng.choice(("Gateway", "Interface"))}}
    return found


def s3_things(rng: Random, asked: Json) -> Json:
    bucket = asked["resource"].split("/")[0]
    block = {name: chance(rng, 40) for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")}
    settings: Json = {
        "ObjectOwnership": rng.choice(("BucketOwnerEnforced", "ObjectWriter", "BucketOwnerPreferred")),
        "Owner": {"ID": "a" * 64},
    }
    found: Json = {bucket: {"settings": settings | ({"PublicAccessBlockConfiguration": block} if chance(rng, 60) else {})}}
    thing = found.setdefault(asked["resource"], {"settings": {}})
    if chance(rng, 40):
        thing["settings"] |= {"Owner": {"ID": rng.choice(("a", "a", "b")) * 64}}
    if chance(rng, 40):
        thing["settings"]["Grants"] = [acl_grant(rng) for _ in range(1 + rng.randrange(2))]
    return found


def access_point_things(rng: Random, asked: Json) -> Json:
    """The access point's bucket and its policy, where anybody read them."""
    start, _, key = asked["resource"].partition("/object/")
    if chance(rng, 15):
        return {}
    behind = asked | {"resource": "arn:aws:s3:::data" + (f"/{key}" if key else "")}
    policy = pick(rng, (5, document(rng, behind, "s3-object", "resource")), (3, full("resource")), (2, None), (1, "unknown"))
    return {start: {"policy": None, "settings": {"Bucket": "data"}}, "arn:aws:s3:::data": {"policy": policy, "settings": {}}}


def acl_grant(rng: Random) -> Json:
    groups = [f"http://acs.amazonaws.com/groups/global/{name}" for name in ("AllUsers", "AuthenticatedUsers")]
    group = {"Type": "Group", "URI": rng.choice(groups)}
    user = {"Type": "CanonicalUser", "ID": rng.choice("ab") * 64}
    return {"Grantee": pick(rng, (1, group), (1, user)), "Permission": rng.choice(("READ", "WRITE", "READ_ACP", "FULL_CONTROL"))}


def kms_grants(rng: Random, asked: Json) -> list[Json]:
    found = []
    for _ in range(rng.randrange(3)):
        caller = asked["principal"]
        named = rng.choice(ways_to_name(caller)) if caller.startswith("arn:") and chance(rng, 70) else rng.choice((caller, *world.OTHERS))
        made: Json = {"GranteePrincipal": named, "Operations": rng.sample(("Decrypt", "GenerateDataKey", "CreateGrant", "RetireGrant"), 2)}
        if chance(rng, 40):
            made["Constraints"] = {rng.choice(("EncryptionContextSubset", "EncryptionContextEquals")): {"app": rng.choice(("blue", "red"))}}
        found.append(made)
    return found


# ---- the whole


def scenario(rng: Random) -> Json:
    """One random scenario."""
    kind = rng.choice(list(world.THINGS))
    asked = request(rng, kind)
    made: Json = {"id": kind, "request": asked, "policies": policies(rng, asked, kind)}
    found = things(rng, asked, kind)
    if found:
        made["resources"] = found
    if chance(rng, 50):
        made["now"] = "2026-03-02T07:30:00Z"
    return made
