"""The policy of the VPC endpoint that the request came through.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

from functools import partial

from undeny.decide.call import Call
from undeny.decide.naming import Naming, naming
from undeny.decide.rules import ABSENT, CompiledLayers, Rule, sort_out
from undeny.iam.model import Statement

_GATEWAY_SERVICES = frozenset({"s3", "s3express", "dynamodb"})
"""https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-networking.html
"""


def rule(call: Call, policies: CompiledLayers) -> Rule:
    """Gate like a resource policy; nobody gets in by it alone."""
    if policies.endpoint is None:
        return ABSENT
    namer = partial(_naming, call)
    denies, allows = sort_out(policies.endpoint, call, namer=namer)
    made = Rule(denies=denies, groups=[allows])
    made.namer = namer
    return made


def _naming(call: Call, statement: Statement) -> Naming:
    """Read the principal: in a gateway endpoint's policy an account names its root user only; where the kind is not known, neither is that.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#endpoint-policy-considerations
    """
    found = dict(naming(call, statement))
    if statement.principal is None or "account" not in found or call.principal.kind == "root" or call.service not in _GATEWAY_SERVICES:
        return found
    kind = _kind(call)
    if kind == "Gateway":
        del found["account"]
    elif kind is None:
        found["account"] = None
    return found


def endpoint_arn(call: Call) -> str | None:
    """Find the endpoint among what was read, by ARN or id: the one of `aws:SourceVpce`, or the only one there is."""
    named = call.source_vpce
    read = [thing for thing in call.things if ":vpc-endpoint/" in thing or thing.startswith("vpce-")]
    found = [thing for thing in read if named is None or thing == named or thing.endswith(f"/{named}")]
    return found[0] if len(found) == 1 else None


def _kind(call: Call) -> str | None:
    kind = call.setting(endpoint_arn(call), "VpcEndpointType")
    return kind if isinstance(kind, str) else None
