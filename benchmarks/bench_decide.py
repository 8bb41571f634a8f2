"""How many requests a second compiled policies decide, beside a naive reading of the same policies, in the same run.

Two synthetic cases, made here: `small` (three identity statements, one SCP) and `large` (20 identity policies of 20 statements with 30
actions each, a boundary, a bucket policy, three SCP levels). Times are processor seconds. Run: `python benchmarks/bench_decide.py`.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from undeny.decide import compile_policies
from undeny.iam import wildcard

ACCOUNT = "111122223333"
PREFIXES, VERBS = ("s3", "iam", "glue", "athena", "logs", "ec2"), ("Get", "List", "Put", "Delete")
NOUNS = ("Object", "Bucket", "Role", "Table", "Query", "Stream", "Instance")
ACTIONS = [f"{prefix}:{verb}{noun}" for prefix in PREFIXES for verb in VERBS for noun in NOUNS]
Json = Mapping[str, Any]


def policy(*statements: Json) -> Json:
    """Make a policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def levels(*extra: Json) -> list[Json]:
    """Make three levels of an organisation, each with all allowed."""
    full = {"name": "FullAWSAccess", "policy": policy({"Effect": "Allow", "Action": "*", "Resource": "*"})}
    return [{"target": name, "policies": [full, *extra]} for name in ("r-root", "ou-1", ACCOUNT)]


def small() -> Json:
    """Give a role with two policies."""
    read = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/reports/*"],
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "data"}},
    }
    logs = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    secure = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    identity = [{"name": "read", "policy": policy(read, logs)}, {"name": "secure", "policy": policy(secure)}]
    return {"identity": identity, "boundary": None, "session": None, "endpoint": None, "resource": None, "scp": levels()[:1], "rcp": []}


def large(rng: random.Random) -> Json:
    """Give a role that has grown for years."""

    def statement(effect: str, number: int) -> Json:
        actions = [name[: rng.randint(6, len(name))] + "*" if rng.random() < 0.5 else name for name in rng.choices(ACTIONS, k=30)]
        resources = [f"arn:aws:{rng.choice(['s3', 'glue', 'athena'])}:*:{ACCOUNT}:thing-{number}-{index}/*" for index in range(2)]
        return {
            "Sid": f"S{number}",
            "Effect": effect,
            "Action": actions,
            "Resource": resources,
            "Condition": {"StringLike": {"aws:PrincipalTag/team": "dat*"}},
        }

    identity = [{"name": f"policy-{n}", "policy": policy(*[statement("Allow", n * 20 + i) for i in range(20)])} for n in range(19)]
    own = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::data/${aws:PrincipalTag/team}/*"}
    identity.append({"name": "own", "policy": policy(own)})
    secure = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    region = {
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    }
    return {
        "identity": identity,
        "boundary": [{"name": "b", "policy": policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})}],
        "session": None,
        "endpoint": None,
        "resource": policy(secure),
        "scp": levels({"name": "region", "policy": policy(region)}),
        "rcp": [],
    }


def request(resource: str) -> Json:
    """Make a read by a session of the role."""
    context = {
        "aws:SecureTransport": "true",
        "aws:PrincipalTag/team": "data",
        "aws:RequestedRegion": "eu-west-1",
        "aws:SourceIp": "203.0.113.9",
    }
    return {
        "principal": f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-0abc",
        "action": "s3:GetObject",
        "resource": resource,
        "resource_account": ACCOUNT,
        "context": context,
    }


def naive(policies: Json, asked: Json) -> bool:
    """Decide by reading every statement every time: no compiling, no index. Knows what these two cases hold and no more."""
    sets = [[item["policy"] for item in policies["identity"]]]
    sets += [[item["policy"] for item in policies["boundary"] or []]] if policies["boundary"] else []
    sets += [[item["policy"] for item in level["policies"]] for level in policies["scp"]]
    every = [one for held in sets for one in held] + ([policies["resource"]] if policies["resource"] else [])
    if any(_applies(one, asked) for held in every for one in held["Statement"] if one["Effect"] == "Deny"):
        return False
    return all(any(_applies(one, asked) for held in group for one in held["Statement"] if one["Effect"] == "Allow") for group in sets)


def _applies(statement: Json, asked: Json) -> bool:
    acts = any(
        wildcard.matches(entry, asked["action"], ignore_case=True) for entry in _listed(statement.get("Action", statement.get("NotAction")))
    )
    if acts is not ("Action" in statement):
        return False
    team = asked["context"]["aws:PrincipalTag/team"]
    resources = [entry.replace("${aws:PrincipalTag/team}", team) for entry in _listed(statement["Resource"])]
    if not any(wildcard.arn_matches(entry, asked["resource"]) for entry in resources):
        return False
    return all(
        _holds(operator, key, _listed(values), asked)
        for operator, block in statement.get("Condition", {}).items()
        for key, values in block.items()
    )


def _holds(operator: str, key: str, values: list[str], asked: Json) -> bool:
    got = {name.lower(): value for name, value in asked["context"].items()}.get(key.lower(), "")
    found = any(wildcard.matches(value, got) if operator == "StringLike" else value == got for value in values)
    return not found if operator == "StringNotEquals" else found


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def rate(decide: Callable[[Json], object], requests: list[Json], seconds: float) -> float:
    """Give requests a processor second, over one round at least."""
    count, start = 0, time.process_time()
    while not count or time.process_time() - start < seconds:
        for asked in requests:
            decide(asked)
        count += len(requests)
    return count / (time.process_time() - start)


def main() -> None:
    """Print one line a case."""
    rng = random.Random(20261124)  # noqa: S311 - a benchmark's data, the same each time
    for name, policies in (("small", small()), ("large", large(rng))):
        folder = "reports" if name == "small" else "data"
        one = request(f"arn:aws:s3:::data/{folder}/q1.csv")
        many = [request(f"arn:aws:s3:::data/{folder}/{number}.csv") for number in range(2000)]
        start = time.process_time()
        compiled = compile_policies(policies)
        compiling = (time.process_time() - start) * 1000
        if not compiled.allows(one) or not naive(policies, one):
            raise SystemExit(f"{name}: the two ways disagree")
        plain = rate(lambda asked, held=policies: naive(held, asked), [one], 1.0)  # type: ignore[misc] # a default binds the case
        same, fresh = rate(compiled.allows, [one], 1.0), rate(compiled.allows, many, 0.0)
        size = len(json.dumps(policies)) // 1024
        print(
            f"{name} ({size} KiB): compiled in {compiling:.1f} ms; {same:,.0f} decisions/s of one request, {fresh:,.0f} of new resources;"
        )
        print(f"  naive {plain:,.0f}; ratio {same / plain:,.1f} (one request), {fresh / plain:,.1f} (new resources)")


if __name__ == "__main__":
    main()
