"""Random scenarios cut down to what an outside implementation can say."""

import copy
import re
from random import Random
from typing import Any

from generators import scenarios
from undeny.iam.arn import Arn

Json = dict[str, Any]
NOW = "2026-03-02T07:30:00Z"
LAYERS = ("identity", "boundary", "session", "endpoint", "resource", "scp", "rcp")
OF_CALLERS = ("identity", "boundary", "session", "scp")
NONE: Json = {"identity": [], "scp": [], "rcp": []}


def scenario(seed: int) -> tuple[Json | None, str]:
    """Give the scenario of a seed with all that is not known made known, or `None` and what cannot be expressed in it."""
    made = scenarios.scenario(Random(seed))  # noqa: S311 - seeds, not secrets
    asked = made["request"]
    if made["id"] == "s3-access-point":
        return None, "S3 access points: two policies and a translation of the resource"
    if "cloudfront:user/" in asked["principal"]:
        return None, "CloudFront origin access identities"
    provider = Arn.parse(asked["principal"]) if "-provider/" in asked["principal"] else None
    if provider and provider.account != asked["resource_account"]:
        return None, "an identity provider of another account than the role's: no such call can be made"
    if asked["resource_account"] is None and asked["resource"] != "*":
        return None, "things that AWS owns: there is no account to name"
    if asked["action"] == "sts:GetCallerIdentity" and not has_account(asked["principal"]):
        return None, "GetCallerIdentity by a caller without credentials of an account"
    asked.pop("unknown_keys", None)
    asked["context"] = {key: value for key, value in asked["context"].items() if value != [] and not foreign_claim(key, asked["principal"])}
    made["now"] = NOW
    made["policies"] = {layer: known(made["policies"].get(layer), layer) for layer in LAYERS}
    made["policies"] |= dict.fromkeys(OF_CALLERS) | {"identity": [], "scp": []} if not has_account(asked["principal"]) else {}
    if not asked["principal"].startswith("arn:aws:sts:"):
        made["policies"]["session"] = None
    made["resources"] = block_public_access(made.get("resources") or {}) if asked["action"].startswith("s3:") else {}
    fix_keys(asked)
    return (made, "") if possible(made) else (None, "a role without trust policy or a key without key policy: there is none")


def possible(scenario: Json) -> bool:
    """Whether AWS could hold this: a role has a trust policy, a key a key policy, and every level of RCPs RCPFullAWSAccess."""
    asked, policies = scenario["request"], scenario["policies"]
    bare = policies["resource"] is None and re.match(r"sts:.*:role/|kms:.*:key/", asked["action"] + asked["resource"])
    return not bare and all(any(one["name"] == "full" for one in level["policies"]) for level in policies["rcp"])


def foreign_claim(key: str, principal: str) -> bool:
    """Whether this is a claim of a token that this caller has not."""
    if key.lower().startswith("token."):
        return "token." not in principal
    return key.lower().startswith("saml:") and "saml-provider" not in principal


def has_account(principal: str) -> bool:
    """Whether the caller has an identity side."""
    return principal.startswith("arn:") and "-provider/" not in principal


def known(value: Any, layer: str) -> Any:
    """Read a layer that was not read as none; one session policy is all that is passed; an endpoint policy names everyone."""
    if value is None or value == "unknown":
        return copy.copy(NONE.get(layer))
    if layer in ("boundary", "session", "endpoint"):  # an empty set cannot be said apart from none
        value = (value[:1] if layer == "session" else value) or None
    if layer in ("scp", "rcp"):
        value = [level for level in value if level["policies"] != "unknown"]
    if layer == "rcp":
        value = [level | {"policies": [policy for policy in map(resource_control, level["policies"]) if policy]} for level in value]
    for statement in statements(value):
        if layer == "endpoint":
            statement["Principal"] = "*"
        statement.get("Condition", {}).pop("StringResembles", None)
    return value


def resource_control(given: Json) -> Json | None:
    """Cut a policy down to what an RCP may say: only Deny, no NotAction, no bare `*` as action; the default one stays.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    """
    if given["name"] == "full":
        return given
    kept = [one for one in statements(given["policy"]) if one["Effect"] == "Deny" and "Action" in one and "*" not in actions(one)]
    return given | {"policy": {"Version": "2012-10-17", "Statement": kept}} if kept else None


def actions(statement: Json) -> list[str]:
    """Give the entries of the action element."""
    held = statement["Action"]
    return held if isinstance(held, list) else [held]


def statements(value: Any) -> list[Json]:
    """Find every statement within a layer."""
    if isinstance(value, list):
        return [found for one in value for found in statements(one)]
    if not isinstance(value, dict):
        return []
    if "Statement" in value:
        held = value["Statement"]
        return held if isinstance(held, list) else [held]
    return [found for one in value.values() for found in statements(one)]


def block_public_access(things: Json) -> Json:
    """Keep the one setting that an outside implementation takes."""
    held = {arn: (thing.get("settings") or {}).get("PublicAccessBlockConfiguration") for arn, thing in things.items()}
    return {
        arn: {"settings": {"ObjectOwnership": "BucketOwnerEnforced", "PublicAccessBlockConfiguration": one}}
        for arn, one in held.items()
        if one
    }


def fix_keys(asked: Json) -> None:
    """Say of each key that undeny would otherwise not know what it is, or that it is absent."""
    given = {key.lower() for key in asked["context"]}
    told: Json = {"aws:PrincipalOrgID": None, "aws:PrincipalOrgPaths": None, "aws:ResourceOrgID": None, "aws:ResourceOrgPaths": None}
    told["aws:EpochTime"] = None
    if has_account(asked["principal"]):
        told["aws:userid"] = "AROAEXAMPLE:i-0abc"
    arn = Arn.parse(asked["resource"])
    if arn is None or not arn.region:
        told["aws:RequestedRegion"] = "us-east-1"
    asked["context"] |= {key: value for key, value in told.items() if key.lower() not in given}
