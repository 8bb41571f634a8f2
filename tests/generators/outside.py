"""Another program's view of a fix: its `changes` carried out on a scenario from INTERFACE alone, and the requests next to the one it is for.

Nothing of undeny is imported: what a fix says has to be enough for a program that knows nothing else.
"""

import copy
import json
import re
from collections.abc import Collection, Iterator
from typing import Any

Json = dict[str, Any]
SETS = ("identity", "boundary", "session", "endpoint")
LEVELS = ("scp", "rcp")
GUARDS = ("boundary", "session", "endpoint", "scp", "rcp")
OTHERS = ("arn:aws:iam::111122223333:role/Neighbour", "arn:aws:iam::999988887777:role/Stranger", "anonymous", "ec2.amazonaws.com")
MORE_ACTIONS = {
    "s3": (
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:ListBucket",
        "s3:PutObjectAcl",
        "s3:GetObjectVersion",
        "s3:PutBucketPolicy",
    ),
    "kms": ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:Encrypt", "kms:ScheduleKeyDeletion", "kms:DescribeKey"),
    "sts": ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:AssumeRoleWithWebIdentity"),
    "iam": (
        "iam:PassRole",
        "iam:GetRole",
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:CreateUser",
    ),
    "sqs": ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteQueue", "sqs:SetQueueAttributes"),
    "sns": ("sns:Publish", "sns:Subscribe", "sns:DeleteTopic"),
    "ec2": ("ec2:RunInstances", "ec2:TerminateInstances", "ec2:DescribeInstances", "ec2:CreateTags", "ec2:CreateVolume"),
    "dynamodb": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:DeleteTable"),
    "lambda": ("lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:CreateFunction", "lambda:GetFunction"),
    "secretsmanager": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"),
    "logs": ("logs:PutLogEvents", "logs:CreateLogStream", "logs:GetLogEvents", "logs:DeleteLogGroup", "logs:CreateLogGroup"),
}


FILLED_IN = {"aws:viaawsservice": "false", "aws:securetransport": "true", "aws:principalisawsservice": "false"}
NOT_THE_CALLS = (
    "aws:principalarn",
    "aws:principaltype",
    "aws:principalisawsservice",
    "aws:userid",
    "aws:username",
    "aws:currenttime",
    "aws:epochtime",
    "aws:resourceaccount",
)
"""Keys that follow from who calls, when and on what: another value of them is another caller, time or thing."""


class NotCarriedOutError(Exception):
    """A change that another program cannot carry out, with the reason."""


# ---- carrying out


def carried_out(scenario: Json, changes: list[Json]) -> Json:
    """Give the scenario with these changes made. Raises `NotCarriedOutError` where one is open, or its `before` is not what is there."""
    if all(change["kind"] == "call" and not differs(change) for change in changes):
        raise NotCarriedOutError("nothing is changed, or in words alone")
    after = copy.deepcopy(scenario)
    for change in changes:
        if re.search(r"<[^>\"]+>", json.dumps({k: v for k, v in change.items() if k != "how"})):
            raise NotCarriedOutError("a placeholder is left")
        {"policy": write_policy, "call": make_call, "setting": make_setting}[change["kind"]](after, change)
    return after


def write_policy(after: Json, change: Json) -> None:
    layer, policies = change["layer"], after["policies"]
    if layer == "resource":
        write_resource(after, change)
    elif layer in LEVELS:
        (level,) = [one for one in policies[layer] if one["target"] == change["target"]]
        level["policies"] = written(level["policies"], change)
    else:
        policies[layer] = written(policies.get(layer) or [], change)


def written(held: Any, change: Json) -> list[Json]:
    """Give the list of named policies with the change made in it."""
    if held == "unknown":
        raise NotCarriedOutError("the layer was not read")
    there = [one for one in held if one["name"] == change["policy"]]
    if (there[0]["policy"] if there else None) != change["before"]:
        raise NotCarriedOutError(f"`before` is not what {change['policy']} holds")
    if change["after"] is None:
        return [one for one in held if one["name"] != change["policy"]]
    new = {"name": change["policy"], "policy": change["after"]}
    return [new if one["name"] == change["policy"] else one for one in held] if there else [*held, new]


def write_resource(after: Json, change: Json) -> None:
    """Write a thing's own policy: the request's (a bucket's for its objects), another's among the resources."""
    target, things, request = change["target"], after.get("resources") or {}, after["request"]
    own = request["resource"] == target or request["resource"].startswith((f"{target}/", f"{target}:"))
    own = own or nameless(request["resource"]) == nameless(target)
    if own:
        if after["policies"].get("resource") not in (change["before"], None, *([None] if change["before"] is None else [])):
            raise NotCarriedOutError("`before` is not the resource's policy")
        after["policies"]["resource"] = change["after"]
    if target in things and ("policy" in things[target] or not own):
        things[target]["policy"] = change["after"]
    elif not own:
        after.setdefault("resources", {})[target] = {"policy": change["after"]}


def nameless(arn: str) -> str:
    """A role's ARN without its path: requests and evidence may differ in it."""
    return re.sub(r":role/.*/", ":role/", arn)


def make_call(after: Json, change: Json) -> None:
    request, context = after["request"], change.get("context") or {}
    request.update({name: value for name, value in differs(change).items() if name != "context"})
    account = (change.get("resource") or "").split(":")[4:5]
    request["resource_account"] = (account and account[0]) or request.get("resource_account")
    named = {key.lower() for key in context}
    kept = {key: value for key, value in (request.get("context") or {}).items() if key.lower() not in named}
    request["context"] = kept | {key: value for key, value in context.items() if value is not None}
    request["unknown_keys"] = [key for key in request.get("unknown_keys", ()) if key.lower() not in named]


def differs(change: Json) -> Json:
    """What of the call is another, beside how a person goes about it."""
    return {name: change[name] for name in ("principal", "action", "resource", "parameters", "context") if change.get(name)}


def make_setting(after: Json, change: Json) -> None:
    settings = after.setdefault("resources", {}).setdefault(change["target"], {}).setdefault("settings", {})
    settings.update(change["after"] or {})
    rules = (settings.get("OwnershipControls") or {}).get("Rules") or ()
    if rules:  # what a bucket answers for it
        settings["ObjectOwnership"] = rules[0]["ObjectOwnership"]


# ---- neighbours


def neighbours(scenario: Json, changes: list[Json], named: Collection[tuple[str, str]] = ()) -> Iterator[tuple[str, Json, Json]]:
    """Give requests next to the scenario's: what differs, the request, and the policies of whoever makes it (laid over the scenario's).

    `named` are the other requests that the same call makes, action and resource: what the fix is for as well.
    """
    for kind, request, whose in _neighbours(scenario, changes):
        if kind == "principal" or (request["action"], request["resource"]) not in named:
            yield kind, request, whose


def _neighbours(scenario: Json, changes: list[Json]) -> Iterator[tuple[str, Json, Json]]:
    request = scenario["request"]
    old, new = (
        [s for c in changes if c["kind"] == "policy" and c[side] for s in listed(c[side]["Statement"])] for side in ("before", "after")
    )
    spoken = [*old, *new]
    for action in other_actions(request, spoken):
        yield "action", request | {"action": action}, {}
    for resource in other_resources(request, spoken):
        yield "resource", on(request, resource), {} if same_holder(request["resource"], resource) else {"resource": None}
    for principal in other_principals(request, spoken):
        context = {
            k: v
            for k, v in (request.get("context") or {}).items()
            if not k.lower().startswith(("aws:principal", "aws:userid", "aws:username"))
        }
        for identity in ([], [{"name": "all", "policy": everything()}]):
            yield (
                "principal",
                request | {"principal": principal, "context": context},
                {"identity": identity, "boundary": None, "session": None},
            )
    for key, value in other_values(request, [s for s in old if s not in new], [s for s in new if s not in old]):
        context = {k: v for k, v in (request.get("context") or {}).items() if k.lower() != key.lower()}
        yield "condition", request | {"context": context if value is None else context | {key: value}}, {}


def same_holder(one: str, other: str) -> bool:
    """Whether both things are under one policy: objects of one bucket, indexes of one table; a key's or role's policy is its own."""
    holder, holder2 = (
        re.split(r"/", arn)[0] if ":s3:::" in arn else re.split(r"/(?:index|stream|object)/", arn)[0] for arn in (one, other)
    )
    return holder == holder2


def everything() -> Json:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def other_actions(request: Json, spoken: list[Json]) -> list[str]:
    service, _, name = request["action"].partition(":")
    found = [
        *MORE_ACTIONS.get(service, ()),
        f"{service}:{name}Other",
        f"{service}:Delete{name}",
        f"{service}:{name[:-1]}",
        "iam:CreateUser",
    ]
    for one in spoken:
        found += [str(a).replace("*", "Other").replace("?", "x") for a in listed(one.get("Action")) if str(a) != "*"]
    same = [a for a in dict.fromkeys(found) if a.lower().startswith(f"{service.lower()}:") and not a.endswith(":")]
    return [a for a in same if a.lower() != request["action"].lower()]


def other_resources(request: Json, spoken: list[Json]) -> list[str]:
    asked = request["resource"]
    if asked == "*":
        return []
    parent, slash, last = asked.rpartition("/")
    found = [f"{asked}-sibling", f"{asked}/below", asked[:-1], f"{parent}{slash}sibling-of-{last}" if slash else f"{asked}2"]
    found += [f"{parent}-sibling/{last}"] if slash else [re.sub(r"[^:]+$", "sibling", asked)]
    for one in spoken:
        for pattern in listed(one.get("Resource")):
            if pattern not in ("*", asked) and "${" not in str(pattern):
                found += [str(pattern).replace("*", filling).replace("?", "x") for filling in ("", "sibling")]
    of_its_own = re.compile(".*".join(map(re.escape, asked.split("*"))))  # a call on `instance/*` is on each
    return [r for r in dict.fromkeys(found) if not of_its_own.fullmatch(r) and r.count(":") >= 5]


def on(request: Json, resource: str) -> Json:
    account = resource.split(":")[4]
    return request | {"resource": resource, "resource_account": account if account.isdigit() else request.get("resource_account")}


def other_principals(request: Json, spoken: list[Json]) -> list[str]:
    caller = request["principal"]
    found = list(OTHERS)
    if caller.startswith("arn:") and caller.count("/"):
        account, role = caller.split(":")[4], caller.split("/")[1]
        found += [
            f"arn:aws:iam::{account}:role/Neighbour",
            f"arn:aws:iam::{account}:user/neighbour",
            f"arn:aws:iam::{account}:role/{role}2",
        ]
    for one in spoken:
        element = one.get("Principal")
        found += (
            [v for vs in element.values() for v in listed(vs) if "*" not in v and v.count(":") > 4] if isinstance(element, dict) else []
        )
    name = re.search(r"::(\d+):(?:assumed-role|role)/(?:.*/)?([^/]+)", re.sub(r"(:assumed-role/[^/]+)/.*", r"\1", caller))
    if name:  # sessions of a role have what the role has
        found = [p for p in found if not p.startswith(f"arn:aws:sts::{name[1]}:assumed-role/{name[2]}/")]
    mine = {caller, nameless(re.sub(r":sts::(\d+):assumed-role/([^/]+)/.*", r":iam::\1:role/\2", caller))}
    return [p for p in dict.fromkeys(found) if p not in mine and nameless(p) not in mine and not p.endswith(":root")]


def other_values(request: Json, old: list[Json], new: list[Json]) -> list[tuple[str, Any]]:
    """Every key that a changed statement asks for, absent, with a value of its own, and with each value that was written before."""
    had = {key.lower(): value for key, value in (request.get("context") or {}).items()}
    found: list[tuple[str, Any]] = []
    for one in [*old, *new]:
        for block in (one.get("Condition") or {}).values():
            for key, written_ in block.items():
                if key.lower().startswith(NOT_THE_CALLS) or (key.lower() in FILLED_IN and had.get(key.lower()) == FILLED_IN[key.lower()]):
                    continue  # the caller's own, whom another principal has; and what is not the call's to say
                other = "198.51.100.77" if "sourceip" in key.lower() else "other-value"
                same = (had.get(key.lower(), FILLED_IN.get(key.lower())), had.get(key.lower()))
                values = (None, other, *(map(str, listed(written_)) if one in old else ()))
                found += [(key, v) for v in values if v not in same and [v] not in same and "*" not in str(v)]
    return list({(k.lower(), str(v)): (k, v) for k, v in found}.values())


# ---- what a change writes


def new_stars(changes: list[Json], request: Json) -> list[str]:
    """Give each element with a wildcard that an Allow has after the change and no statement had before.

    Not counted: what the request itself names, a key policy's `Resource`, and the `Principal` of an endpoint's policy that is held to one
    caller by a condition.
    """
    found = []
    for change in changes:
        if change["kind"] != "policy" or not change["after"]:
            continue
        old = {json.dumps(v) for s in listed((change["before"] or {}).get("Statement")) for name in s for v in elements(s, name)}
        for one in listed(change["after"]["Statement"]):
            if one["Effect"] != "Allow":
                continue
            for name in ("Action", "Resource", "NotAction", "NotResource", "Principal"):
                for value in elements(one, name):
                    if "*" not in value or json.dumps(value) in old or value == request["resource"]:
                        continue
                    if name == "Resource" and ":key/" in change["target"]:
                        continue
                    if name == "Principal" and "aws:PrincipalArn" in json.dumps(one.get("Condition")):
                        continue
                    found.append(f"{name} {value}")
    return found


def elements(statement: Json, name: str) -> list[str]:
    held = statement.get(name)
    if isinstance(held, dict):
        return [v for vs in held.values() for v in listed(vs)] if name == "Principal" else []
    return [str(v) for v in listed(held)]


def guards_edited(fix: Json) -> list[str]:
    """Give the guards that a fix edits while calling itself machine applicable: a guard's document, or a Deny of any."""
    if fix["applicability"] != "machine_applicable":
        return []
    found = []
    for change in fix["changes"]:
        if change["kind"] == "policy":
            denies = [[s for s in listed((d or {}).get("Statement")) if s["Effect"] == "Deny"] for d in (change["before"], change["after"])]
            if change["layer"] in GUARDS or any(s not in denies[1] for s in denies[0]):
                found.append(change["layer"])
    return found
