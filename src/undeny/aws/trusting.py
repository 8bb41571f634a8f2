"""A token's claims beside the trust policy of the role that it is for: which condition holds, which does not."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from undeny.aws.surroundings import Token
from undeny.decide.engine import decide
from undeny.decide.model import StatementResult, Verdict
from undeny.evidence import scenario
from undeny.iam import document
from undeny.iam.arn import Arn


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of the trust policy beside the token: the key, what the policy wants, what the token has, and whether it holds."""

    statement: str
    key: str
    wanted: tuple[str, ...]
    got: tuple[str, ...] | None
    holds: bool


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the trust policy lets the token in; `why` is the nearest statement's reason where it does not."""

    role: str
    allowed: bool | None
    why: str | None
    conditions: tuple[Beside, ...] = ()


def beside(token: Token, role: str, trust: Mapping[str, Any] | str) -> Trusted:
    """Decide AssumeRoleWithWebIdentity over the trust policy alone, and lay its conditions beside the claims.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    arn = Arn.parse(role)
    account, partition = (arn.account, arn.partition) if arn else ("", "aws")
    data = document.read(trust).data if isinstance(trust, str) else trust
    context: dict[str, Any] = {f"{token.issuer}:{name}": value for name, value in token.claims.items()}
    if token.audience:
        context[f"{token.issuer}:aud"] = token.audience[0] if len(token.audience) == 1 else list(token.audience)
    told = {
        "id": "trust",
        "request": {
            "principal": f"arn:{partition}:iam::{account}:oidc-provider/{token.issuer}",
            "action": "sts:AssumeRoleWithWebIdentity",
            "resource": role,
            "resource_account": account,
            "context": context,
        },
        "policies": {
            "identity": None, "boundary": None, "session": None, "endpoint": None, "scp": [], "rcp": [],
            "resource": json.loads(json.dumps(data)),
        },
    }  # fmt: skip
    read = scenario.read(told)
    if read.request is None:
        raise ValueError("the scenario has its request")
    verdict = decide(read.request, read.evidence)
    rows = tuple(row for statement in verdict.statements if statement.layer == "resource" for row in _rows(statement))
    nearest = next((one.why for one in verdict.statements if one.layer == "resource"), None)
    return Trusted(role=role, allowed=_allowed(verdict), why=None if verdict.decision == "allowed" else nearest, conditions=rows)


def _allowed(verdict: Verdict) -> bool | None:
    return None if verdict.decision == "unknown" else verdict.decision == "allowed"


def _rows(statement: StatementResult) -> list[Beside]:
    name = statement.sid or f"statement {statement.index + 1}"
    missed = [statement.miss] if statement.miss is not None and statement.miss.key else []
    return [
        Beside(statement=name, key=str(one.key), wanted=one.wanted, got=one.got, holds=holds)
        for holds, ones in ((True, statement.held), (False, missed))
        for one in ones
        if one.key
    ]
