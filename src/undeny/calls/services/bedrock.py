"""Bedrock: an inference profile stands for models, which must be allowed too."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, beside
from undeny.calls._place import dig
from undeny.calls.model import Request
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html"
PASSES = {
    "bedrock:CreateModelCustomizationJob": (("roleArn",), "bedrock.amazonaws.com"),
    "bedrock:CreateModelInvocationJob": (("roleArn",), "bedrock.amazonaws.com"),
    "bedrock:CreateAgent": (("agentResourceRoleArn",), "bedrock.amazonaws.com"),
    "bedrock:CreateKnowledgeBase": (("roleArn",), "bedrock.amazonaws.com"),
    "bedrock:CreateFlow": (("executionRoleArn",), "bedrock.amazonaws.com"),
}
INVOKES = frozenset({"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"})
GEOGRAPHIES = ("us", "us-gov", "eu", "apac", "jp", "au", "ca", "global")
"""First part of a cross-Region profile's id: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html"""


def hidden(call: Call) -> Iterator[Request]:
    """Give the request for each model behind an inference profile."""
    parsed = arns.parse(call.request.resource)
    if (
        call.request.action not in INVOKES
        or parsed is None
        or parsed.resource_type not in {"inference-profile", "application-inference-profile"}
    ):
        return
    models = [text for text in dig(call.facts(), "models.modelArn") if isinstance(text, str)]
    reason = Reason("the profile hands the call to a model, which must be allowed too", SOURCE)
    geography, dot, model = parsed.resource_id.partition(".")
    if not models and dot and geography in GEOGRAPHIES:
        models = [f"arn:{parsed.partition}:bedrock:{parsed.region}::foundation-model/{model}"]
    for text in dict.fromkeys(models):
        yield beside(call, call.request.action, text, reason, {"bedrock:InferenceProfileArn": call.request.resource})
