"""Identity policies as people write them, and edits of them as people make them: pairs for `check no-new-access`."""

import copy
from random import Random
from typing import Any

from generators.scenarios import chance

Json = dict[str, Any]
ACCOUNT = "111122223333"
SERVICES: dict[str, Json] = {
    "s3": {
        "actions": {
            "s3:GetObject": "object", "s3:PutObject": "object", "s3:DeleteObject": "object", "s3:GetObjectTagging": "object",
            "s3:ListBucket": "bucket", "s3:GetBucketLocation": "bucket", "s3:PutBucketPolicy": "bucket",
        },
        "patterns": {
            "object": ("arn:aws:s3:::logs-prod/*", "arn:aws:s3:::logs-*/*", "arn:aws:s3:::logs-prod/app/*", "arn:aws:s3:::logs-prod/app/a.json", "*"),
            "bucket": ("arn:aws:s3:::logs-prod", "arn:aws:s3:::logs-*", "arn:aws:s3:::*", "*"),
        },
        "keys": ("s3:x-amz-server-side-encryption", "s3:prefix", "s3:max-keys"),
    },
    "sqs": {
        "actions": {"sqs:SendMessage": "queue", "sqs:ReceiveMessage": "queue", "sqs:DeleteMessage": "queue", "sqs:PurgeQueue": "queue"},
        "patterns": {
            "queue": (
                f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders", f"arn:aws:sqs:*:{ACCOUNT}:orders-*", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:*",
                f"arn:aws:sqs:eu-*:{ACCOUNT}:orders*", "*",
            ),
        },
        "keys": (),
    },
    "ec2": {
        "actions": {"ec2:StopInstances": "instance", "ec2:StartInstances": "instance", "ec2:TerminateInstances": "instance"},
        "patterns": {
            "instance": (f"arn:aws:ec2:*:{ACCOUNT}:instance/*", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0a*", "arn:aws:ec2:*:*:instance/*", "*"),
        },
        "keys": ("aws:ResourceTag/team", "aws:ResourceTag/stage"),
    },
    "secretsmanager": {
        "actions": {"secretsmanager:GetSecretValue": "secret", "secretsmanager:PutSecretValue": "secret"},
        "patterns": {
            "secret": (
                f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:app/*", f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:app/db-??????",
                f"arn:aws:secretsmanager:*:{ACCOUNT}:secret:*", "*",
            ),
        },
        "keys": ("aws:ResourceTag/team",),
    },
}  # fmt: skip
GRANTED = {"s3": "s3:*Object*", "sqs": "sqs:*Message", "ec2": "ec2:*Instances", "secretsmanager": "secretsmanager:*SecretValue"}
CONDITIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("StringEquals", "aws:RequestedRegion", ("eu-west-1", "us-east-1", "eu-central-1")),
    ("StringNotEquals", "aws:RequestedRegion", ("eu-west-1", "us-east-1")),
    ("StringLike", "aws:PrincipalTag/team", ("data", "data-*", "web")),
    ("StringEqualsIfExists", "aws:PrincipalTag/team", ("data", "web")),
    ("StringNotLike", "aws:PrincipalTag/team", ("data-*",)),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", ("Data", "web")),
    ("ArnLike", "aws:SourceArn", ("arn:aws:sns:*:111122223333:orders-*", "arn:aws:sns:eu-west-1:111122223333:orders-a")),
    ("ArnNotLike", "aws:SourceArn", ("arn:aws:sns:*:111122223333:orders-*",)),
    ("IpAddress", "aws:SourceIp", ("203.0.113.0/24", "203.0.113.0/28", "10.0.0.0/8", "198.51.100.7/32")),
    ("NotIpAddress", "aws:SourceIp", ("203.0.113.0/24", "10.0.0.0/8")),
    ("Bool", "aws:MultiFactorAuthPresent", ("true", "false")),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ("true",)),
    ("NumericLessThan", "aws:MultiFactorAuthAge", ("300", "3600")),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", ("300", "900")),
    ("DateLessThan", "aws:TokenIssueTime", ("2026-06-01T00:00:00Z", "2026-12-31T00:00:00Z")),
    ("DateGreaterThanEquals", "aws:TokenIssueTime", ("2026-01-01T00:00:00Z",)),
    ("Null", "aws:SourceVpce", ("true", "false")),
    ("StringEquals", "aws:SourceVpce", ("vpce-0a1b2c3d", "vpce-0e5f6a7b")),
    ("ForAllValues:StringEquals", "aws:TagKeys", ("team", "stage", "cost")),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ("team", "stage")),
    ("ForAnyValue:StringLike", "aws:TagKeys", ("te*", "cost")),
)


def pair(rng: Random) -> tuple[str, Json, Json]:
    """Give a service, a policy, and the same policy after one to three edits."""
    service = rng.choice(sorted(SERVICES))
    old = {"Version": "2012-10-17", "Statement": [_statement(rng, service) for _ in range(1 + rng.randrange(4))]}
    new = copy.deepcopy(old)
    for _ in range(1 + rng.randrange(3)):
        _edit(rng, service, new["Statement"])
    return service, old, new


def _statement(rng: Random, service: str) -> Json:
    about = SERVICES[service]
    kind = rng.choice(sorted(about["patterns"]))
    fitting = [name for name, of in about["actions"].items() if of == kind]
    made: Json = {"Effect": "Deny" if chance(rng, 25) else "Allow"}
    names = rng.sample(fitting, 1 + rng.randrange(len(fitting)))
    if chance(rng, 12):
        made["NotAction"] = names
    else:
        made["Action"] = rng.choice((names, names, names[0], GRANTED[service], f"{service}:*"))
    patterns = about["patterns"][kind]
    made["NotResource" if chance(rng, 8) else "Resource"] = rng.choice((rng.choice(patterns), rng.sample(patterns[:-1], 2)))
    if chance(rng, 50):
        made["Condition"] = _conditions(rng)
    return made


def _conditions(rng: Random) -> Json:
    block: Json = {}
    for operator, key, values in rng.sample(CONDITIONS, 1 + rng.randrange(2)):
        some = rng.sample(values, 1 + rng.randrange(len(values)))
        block.setdefault(operator, {})[key] = some if len(some) > 1 else some[0]
    return block


def _edit(rng: Random, service: str, found: list[Json]) -> None:
    one = rng.choice(found)
    what = rng.randrange(7)
    patterns = [text for several in SERVICES[service]["patterns"].values() for text in several]
    if what == 0:
        found.append(_statement(rng, service))
    elif what == 1 and len(found) > 1:
        found.remove(one)
    elif what == 2:
        one.pop("Condition", None)
    elif what == 3:
        one["Condition"] = one.get("Condition", {}) | _conditions(rng)
    elif what == 4 and "Resource" in one:
        one["Resource"] = rng.choice(patterns)
    elif what == 5 and "Action" in one:
        one["Action"] = rng.choice([*SERVICES[service]["actions"], GRANTED[service]])
    else:
        found.insert(rng.randrange(len(found) + 1), copy.deepcopy(one))


def request(rng: Random, service: str, policies: list[Json]) -> Json:
    """Make a request near what the policies speak of: an action of theirs, an ARN that a pattern of theirs matches, or nearly."""
    about = SERVICES[service]
    action = rng.choice(sorted(about["actions"]))
    kind = about["actions"][action]
    pattern = rng.choice(about["patterns"][kind][:-1])
    resource = "".join(rng.choice(("x", "prod", "0a1")) if c == "*" else rng.choice("az0") if c == "?" else c for c in pattern)
    parts = resource.split(":", 5)
    parts[3:5] = [
        part if part and chance(rng, 85) else other if part else "" for part, other in zip(parts[3:5], ("us-east-1", ACCOUNT), strict=True)
    ]
    parts[4] = parts[4] if parts[4].isdigit() or not parts[4] else ACCOUNT
    context = {}
    for operator, key, values in CONDITIONS:
        if key != "aws:RequestedRegion" and chance(rng, 45):
            continue
        value = rng.choice(values).replace("*", "x")
        if operator.endswith("IpAddress"):
            value = rng.choice((value.split("/")[0], "192.0.2.1"))
        elif chance(rng, 20):
            value = {"Num": "600", "Dat": "2026-08-01T00:00:00Z", "Boo": "false", "Arn": "arn:aws:sns:us-east-1:111122223333:else"}.get(
                operator[:3], "else"
            )
        context[key] = [value, *rng.sample(("team", "cost", "else"), rng.randrange(2))] if key == "aws:TagKeys" else value
    principal = f"arn:aws:sts::{ACCOUNT}:assumed-role/App/i-0abc"
    return {"principal": principal, "action": action, "resource": ":".join(parts), "resource_account": None, "context": context}
