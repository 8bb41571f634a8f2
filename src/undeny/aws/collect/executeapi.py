"""API Gateway: the policy of the interface that is called."""

import json

from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "execute-api"
PERMISSIONS = {
    "apigateway:GET": (
        "the policy of a REST interface that is called",
        "https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApi.html",
    ),
}
_KEPT = ("name", "endpointConfiguration", "disableExecuteApiEndpoint")


def thing(arn: Arn) -> str | None:
    """Give the interface, without stage, method and path."""
    name = arn.resource.partition("/")[0]
    if not name or "*" in name:
        return None
    return str(Arn(partition=arn.partition, service_prefix="execute-api", region=arn.region, account=arn.account, resource=name))


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a REST interface; an HTTP or WebSocket interface has no policy, and AWS does not find it here."""
    text = str(arn)
    answer = reader.call(
        "apigateway",
        "get_rest_api",
        action="apigateway:GET",
        what=f"resource policy of {text}",
        none=("NotFoundException",),
        region=arn.region,
        restApiId=arn.resource,
    )
    if answer is None:
        return Resource(arn=text, policy=None)
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer)
    written = _unescaped(answer["policy"]) if answer.get("policy") else None
    policy = reader.policy("interface policy", written, attached_to=text) if written else None
    settings = {key: plain(answer[key]) for key in _KEPT if answer.get(key) is not None}
    return Resource(arn=text, policy=policy, settings=settings, exists=True)


def _unescaped(text: str) -> str:
    """Take off the backslashes with which this operation writes the quotes of the document."""
    if '\\"' not in text.partition(":")[0]:
        return text
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
