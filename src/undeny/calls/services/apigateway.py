"""API Gateway: actions are HTTP verbs, and ARNs are made of the paths of its own API."""

import re
from collections.abc import Mapping
from typing import Any

from undeny import catalog
from undeny.calls._place import Place, fold

SOURCE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html"
PASSES = {
    "apigateway:PATCH": (("cloudwatchRoleArn",), "apigateway.amazonaws.com"),
    "apigateway:PUT": (("credentials",), "apigateway.amazonaws.com"),
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Fill the path of the operation with the call's parameters; API Gateway's own ARNs have no account."""
    del action
    if place.region is None or place.operation is None:
        return ""
    values = {fold(name): value for name, value in parameters.items() if isinstance(value, str)}
    for path in catalog.paths(place.operation):
        wanted = re.findall(r"\{([^}]*)\}", path)
        if all(fold(name) in values for name in wanted):
            filled = re.sub(r"\{([^}]*)\}", lambda match: str(values[fold(match.group(1))]), path)
            return f"arn:{place.partition}:apigateway:{place.region}::{filled}"
    return ""
