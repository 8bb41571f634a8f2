"""npm's `@cloud-copilot/iam-simulate` as a program of its own: scenarios in, decisions out, over JSON lines."""

import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

Json = dict[str, Any]
HERE = Path(__file__).parent
DECISIONS = {"Allowed": "allowed", "ImplicitlyDenied": "implicitly_denied", "ExplicitlyDenied": "explicitly_denied"}
TYPES = {"user": "User", "role": "AssumedRole", "role_session": "AssumedRole", "federated_user": "FederatedUser", "root": "Account"}
GLOBAL = ("iam", "sts", "organizations")


class Simulate:
    """One long-lived Node process. Use as a context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(HERE / "simulate.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=HERE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, line: Json) -> Json:
        """Send one line, read one."""
        if self._process.stdin is None or self._process.stdout is None:
            raise SystemExit("the bridge has no pipes")
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer: Json = json.loads(self._process.stdout.readline() or '{"error": {"thrown": "the bridge ended"}}')
        return answer

    def decide(self, scenario: Json) -> tuple[str | None, str, list[str]]:
        """Give the decision, or `None` and why it takes no such scenario; and the context keys that it ignores for this action."""
        answer = self.ask(simulation(scenario))
        if "error" in answer:
            return None, why(answer["error"]), []
        return DECISIONS[answer["result"]], "", answer["ignored"]


def missing() -> str | None:
    """Say what is not there, `None` where all is."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules").is_dir():
        return "@cloud-copilot/iam-simulate is not installed (`make differential` installs it)"
    return None


def why(error: Json) -> str:
    """Name what it refuses: the layers whose policies it finds wrong, or its sentence."""
    if "thrown" in error:
        return f"it throws {error['thrown'].splitlines()[0][:80]}"
    layers = sorted(key.removesuffix("Errors") for key, found in error.items() if key.endswith("Errors") and found)
    return f"it finds a policy invalid ({layers[0]})" if layers else str(error["message"])


def simulation(scenario: Json) -> Json:
    """Write a scenario as its `Simulation` (README, type declarations), with every key that undeny fills in by itself written out."""
    asked, policies = scenario["request"], scenario["policies"]
    principal, account = asked["principal"], asked["resource_account"] or account_of(asked["principal"]) or ""
    made: Json = {
        "request": {
            "principal": {"type": "Anonymous"} if principal == "anonymous" else principal,
            "action": asked["action"],
            "resource": {"resource": asked["resource"], "accountId": account},
            "contextVariables": context(scenario),
        },
        "identityPolicies": policies["identity"] or [],
        "serviceControlPolicies": levels(policies["scp"]),
        "resourceControlPolicies": levels(policies["rcp"], but="full"),
    }
    if policies["session"] is not None:
        made["sessionPolicy"] = policies["session"][0]["policy"]
    if policies["resource"] is not None:
        made["resourcePolicy"] = policies["resource"]
    if policies["boundary"] is not None:
        made["permissionBoundaryPolicies"] = policies["boundary"]
    if policies["endpoint"] is not None:
        made["vpcEndpointPolicies"] = policies["endpoint"]
    for thing in (scenario.get("resources") or {}).values():
        block = (thing.get("settings") or {}).get("PublicAccessBlockConfiguration") or {}
        if block.get("RestrictPublicBuckets"):
            made["additionalSettings"] = {"s3": {"blockPublicAccess": True}}
    return copy.deepcopy(made)


def levels(given: list[Json], but: str | None = None) -> list[Json]:
    """Write the levels of an organisation; it adds RCPFullAWSAccess by itself."""
    return [{"orgIdentifier": level["target"], "policies": [one for one in level["policies"] if one["name"] != but]} for level in given]


def account_of(principal: str) -> str | None:
    """Give the account of a caller that has one."""
    return Principal.parse(principal).account if principal.startswith("arn:") else None


def context(scenario: Json) -> dict[str, str | list[str]]:
    """Give every key of the request: what is given over what follows from caller and resource; absent ones left out.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    asked = scenario["request"]
    principal, account, arn = Principal.parse(asked["principal"]), account_of(asked["principal"]), Arn.parse(asked["resource"])
    found: Json = {"aws:SecureTransport": "true", "aws:ViaAWSService": "false"}
    found["aws:CurrentTime"] = scenario["now"]
    found["aws:RequestedRegion"] = (arn.region if arn else "") or ("us-east-1" if asked["action"].split(":")[0] in GLOBAL else None)
    found["aws:ResourceAccount"] = asked["resource_account"] or (account if asked["resource"] == "*" else None)
    if principal.kind == "service":
        found["aws:PrincipalIsAWSService"] = "true"
    elif account and principal.kind in TYPES:
        found |= of_caller(principal, account)
    given = {key.lower() for key in asked["context"]}
    found = {key: value for key, value in found.items() if key.lower() not in given} | asked["context"]
    return {key: value for key, value in found.items() if value is not None}


def of_caller(principal: Principal, account: str) -> Json:
    """Give the keys that follow from a caller with an account."""
    return {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": principal.role_arn if principal.kind == "role_session" else principal.text,
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": TYPES[principal.kind],
        "aws:username": principal.name if principal.kind == "user" else None,
    }
