"""Web identity: a token's claims, its provider, and the caller that they make.

The lab reads a token and checks no signature: nobody but its own user makes tokens for it.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from undeny.iam.arn import Arn
from undeny.lab import state
from undeny.lab.model import Call, Caller, Fault


def claims(call: Call) -> Mapping[str, Any]:
    """Read the claims of the call's token; empty where it is no token."""
    parts = str(call.parameters.get("WebIdentityToken", "")).split(".")
    if len(parts) != 3:
        return {}
    try:
        read = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def issuer(call: Call) -> str:
    """Give the token's issuer as a provider's ARN and condition keys spell it."""
    return str(claims(call).get("iss", "")).removeprefix("https://")


def provider(call: Call) -> str | None:
    """Give the provider's ARN in the role's account; `None` where that account has none of that issuer."""
    arn = Arn.parse(call.parameters["RoleArn"])
    found = f"arn:aws:iam::{arn.account}:oidc-provider/{issuer(call)}" if arn else ""
    return found if arn and found in state.backend("iam", arn.account).open_id_providers else None


def caller(call: Call) -> Caller:
    """Build the caller that a token makes."""
    told = claims(call)
    arn = provider(call) or issuer(call)
    return Caller(kind="provider", arn=arn, account=None, unique_id=f"{arn}:{told.get('aud')}:{told.get('sub')}", name=str(told.get("sub")))


def problem(call: Call) -> Fault | None:
    """Say what is wrong with the token before any policy is read."""
    if claims(call) and provider(call):
        return None
    said = "No OpenIDConnect provider found in your account for " + (issuer(call) or "the token")
    return Fault(code="InvalidIdentityToken", status=400, message=said)


def context(call: Call) -> dict[str, str | list[str]]:
    """Give the condition keys of the claims: `issuer:sub`, `issuer:aud`, ...

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    host = issuer(call)
    told = {name: value for name, value in claims(call).items() if name not in {"iss", "exp", "iat", "nbf"}}
    return {f"{host}:{name}": [str(one) for one in value] if isinstance(value, list) else str(value) for name, value in told.items()}
