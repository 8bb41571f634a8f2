"""IAM's access troubleshooter: the details of a denial by its authorization id, and the policies as they were.

https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/Welcome.html
"""

from collections.abc import Iterable
from typing import Any

from undeny.lab.model import Asked, Call, Fault

PAGE = 1
"""Evaluations on a page."""


def asked(call: Call) -> Iterable[Asked]:
    """Ask for the one permission; there is no resource."""
    return (Asked(action=f"iam:{call.operation}"),)


def _details(lab: Any, call: Call) -> dict[str, Any] | Fault:
    """Answer page by page; the first read of an id finds nothing, since AWS writes the details after the answer."""
    wanted = call.parameters["authorizationId"]
    held = lab.details.get(wanted)
    if held is None or wanted in lab.unwritten:
        lab.unwritten.discard(wanted)
        return _missing(f"No authorization details were found for {wanted}")
    start = int(call.parameters.get("nextToken") or 0)
    policies = [{name: value for name, value in policy.items() if name != "policyDocument"} for policy in held["policies"]]
    page = {**held, "evaluations": held["evaluations"][start : start + PAGE], "policies": policies}
    return page | ({"nextToken": str(start + PAGE)} if len(held["evaluations"]) > start + PAGE else {})


def _policy(lab: Any, call: Call) -> dict[str, Any] | Fault:
    held = lab.details.get(call.parameters["authorizationId"], {"policies": ()})
    for policy in held["policies"]:
        if policy["uri"] == call.parameters["policyUri"]:
            return {"policyDocument": policy["policyDocument"]}
    return _missing("No such policy was evaluated for this request")


def _missing(message: str) -> Fault:
    return Fault(code="ResourceNotFoundException", status=404, message=message)


ANSWERS = {"GetRequestAuthorizationDetails": _details, "GetRequestAuthorizationPolicy": _policy}
