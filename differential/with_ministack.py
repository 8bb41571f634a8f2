"""Random scenarios over HTTP, undeny beside `ministack`: policies are written, the call is made, its answer is the decision."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from campaign import Campaign, Disagreement, decided
from generators import scenarios
from generators.world import KEY_ID
from kinds import kind_of
from shrink import shrink
from stack import OTHER, OWN, REGION, Refused, Stack

Json = dict[str, Any]
KINDS = {
    "s3-object": ("s3:GetObject", "s3:PutObject"),
    "s3-bucket": ("s3:ListBucket",),
    "sqs": ("sqs:SendMessage", "sqs:ReceiveMessage"),
    "topic": ("sns:Publish",),
    "secret": ("secretsmanager:GetSecretValue",),
    "key": ("kms:Encrypt", "kms:GenerateDataKey"),
    "trust": ("sts:AssumeRole",),
}
ACROSS = ("s3-object", "s3-bucket", "sqs", "topic", "trust")
"""Kinds of things that it finds in another account than the caller's."""
ALWAYS = ("topic", "key", "trust")
"""Things that have a policy in any case."""
USER, SESSION = f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:sts::{OWN}:assumed-role/App/i-0abc"
UNSURE = ("aws:useragent", "aws:principalorgid", "aws:tokenissuetime", "aws:userid")
"""Keys whose value in the call is the client's or the server's own."""
LOCK = Path(__file__).parent / "requirements.in"


def run(count: int, lacking: str | None) -> Campaign:
    """Compare on `count` scenarios; seeds of what cannot be expressed are passed over. `lacking` says what is not installed."""
    if lacking:
        raise SystemExit(lacking)
    found = Campaign("ministack", LOCK.read_text("utf-8").partition("==")[2].strip())
    start, seed = time.monotonic(), 0
    with Stack() as stack:
        while found.compared < count:
            one(found, stack, seed)
            seed += 1
    found.seconds = time.monotonic() - start
    return found


def one(found: Campaign, stack: Stack, seed: int) -> None:
    """Compare on one seed."""
    scenario = made(Random(seed), stack)  # noqa: S311 - seeds, not secrets
    ours = decided(scenario)
    theirs = "unknown" if ours == "unknown" else outside(stack, scenario)
    if ours == "unknown" or theirs.startswith(("refused", "error")):
        found.left_out["undeny answers unknown" if ours == "unknown" else theirs] += 1
    elif same(ours, theirs):
        found.agreed[ours] += 1
    else:

        def still(less: Json) -> bool:
            bare = less["id"] in ALWAYS and less["policies"]["resource"] is None
            real = less["request"]["context"] == scenario["request"]["context"]
            return real and not bare and decided(less) == ours and outside(stack, less) == theirs

        found.found.append(Disagreement(str(seed), ours, theirs, told(stack, shrink(scenario, still))))


def same(ours: str, theirs: str) -> bool:
    """Whether both decide alike; an answer that does not say how it denies is like either denial."""
    return ours == theirs or (theirs == "denied" and ours != "allowed")


def outside(stack: Stack, scenario: Json) -> str:
    """Give the other's decision."""
    try:
        stack.arrange(scenario, scenario["id"])
    except Refused as refusal:
        return f"refused: {refusal}"
    return stack.call(scenario)


def made(rng: Random, stack: Stack) -> Json:
    """Make a scenario that can be made true over HTTP."""
    kind = rng.choice(list(KINDS))
    account = OTHER if kind in ACROSS and rng.random() < 0.3 else OWN
    principal = rng.choice((USER, USER, SESSION, SESSION, SESSION, *(("anonymous",) if kind.startswith("s3") else ())))
    asked: Json = {
        "principal": principal,
        "action": rng.choice(KINDS[kind]),
        "resource": stack.things[account, kind],
        "resource_account": account,
    }
    asked["context"] = context(rng, principal, kind)
    policies: Json = {"identity": [], "boundary": None, "session": None, "endpoint": None, "resource": None, "scp": [], "rcp": []}
    if principal != "anonymous":
        policies["identity"] = scenarios.policy_list(rng, asked, kind, "identity")
        policies["boundary"] = scenarios.policy_list(rng, asked, kind, "boundary")[:1] or None if rng.random() < 0.3 else None
    if principal == SESSION and rng.random() < 0.35:
        policies["session"] = scenarios.policy_list(rng, asked, kind, "session")[:1] or None
    if kind in ALWAYS or rng.random() < 0.65:
        policies["resource"] = scenarios.document(rng, asked, kind, "resource")
    scenario = {"id": kind, "request": asked, "policies": policies, "now": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    return {**scenario, "policies": sure(policies)}


def context(rng: Random, principal: str, kind: str) -> Json:
    """Give every key that the call carries over this connection, and `None` for those that it does not."""
    found: Json = {"aws:SourceIp": "127.0.0.1", "aws:SecureTransport": "false", "aws:RequestedRegion": REGION}
    if principal != "anonymous":
        user = principal == USER
        found |= {"aws:PrincipalTag/team": "blue", "aws:MultiFactorAuthPresent": None if user else "false"}
    if kind == "s3-bucket":
        found["s3:prefix"] = rng.choice(("home/alice/", "home/bob/", ""))
    if kind == "trust" and rng.random() < 0.5:
        found["sts:ExternalId"] = rng.choice(("blue", "red"))
    return found


def sure(value: Any) -> Any:
    """Drop conditions on keys whose value nobody here knows, and an operator that AWS lacks."""
    if isinstance(value, list):
        return [sure(one) for one in value]
    if not isinstance(value, dict):
        return value
    value = {key: sure(part) for key, part in value.items()}
    if "Condition" in value:
        kept = {name: {k: v for k, v in block.items() if k.lower() not in UNSURE} for name, block in value["Condition"].items()}
        value["Condition"] = {name: block for name, block in kept.items() if block and name != "StringResembles"}
    return value


def told(stack: Stack, scenario: Json) -> Json:
    """Write the ids that the server drew as those of AWS's examples, where the scenario says the same then."""
    text = json.dumps(scenario)
    drawn = {stack.things[OWN, "key"].rsplit("/", 1)[-1]: KEY_ID, stack.things[OWN, "secret"].rsplit("/", 1)[-1]: "db-AbCdEf"}
    for old, new in drawn.items():
        text = text.replace(old, new)
    found: Json = json.loads(text)
    return found if decided(found) == decided(scenario) and kind_of(found) is kind_of(scenario) else scenario
