"""The account has no access to the Bedrock model."""

from undeny.diagnose import facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="model-access",
    bucket="permission",
    title="the account has no access to the Bedrock model",
    text="""Beside IAM, Bedrock asks whether the account may use the model in that Region: an agreement, an entitlement through AWS
Marketplace, or a form for the model's maker. Access is by Region.

Signs: "You don't have access to the model with the specified model ID"; "Model access is denied due to ... AWS Marketplace actions";
"Your account is not authorized to invoke this API operation"; it works in another Region.

Mends it: switching the model on in that Region (once, by somebody with aws-marketplace:Subscribe and ViewSubscriptions), or calling
where it is on. A retired model answers "Access denied" with ResourceNotFoundException: choose another.

Does not: bedrock:InvokeModel, which is there.""",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
    example="AccessDeniedException: You don't have access to the model with the specified model ID.",
    related=("identity-missing-allow", "scp-explicit-deny", "account-restriction"),
)
SIGNS = (
    Sign(
        says="the account has no access to this model in this Region, the text says",
        words=("access to the model", "you do not have access to model"),
        weight=weights.SAID + 3,
        certainty="stated",
    ),
    Sign(
        says="the model is not switched on in this account: that takes the AWS Marketplace actions once",
        words=("model access is denied", "access to this model"),
        weight=weights.SAID + 1,
    ),
    Sign(
        says="the account has no access to this model in this Region, or Bedrock is not open to it",
        words=("account is not authorized to invoke this api",),
        weight=weights.WORDING + 6,
    ),
    Sign(
        says="the account may have no access to this model in this Region",
        services=("bedrock", "bedrock-runtime"),
        words=("accessdenied", "access denied"),
        weight=weights.USUAL + 1,
    ),
)
STATES = {"entitlementAvailability": "AVAILABLE", "authorizationStatus": "AUTHORIZED", "regionAvailability": "AVAILABLE"}


def look(case: Case) -> tuple[Cause, ...]:
    """By what GetFoundationModelAvailability said, else by the wording."""
    found = [cause for cause in (_unavailable(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _unavailable(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html"""  # noqa: D400 - an address is the whole docstring
    request = facts.main(case)
    if request is None or not request.action.lower().startswith("bedrock:"):
        return None
    held = facts.settings(case, request.resource)
    wrong = next((f"{name} is {held[name]}" for name, good in STATES.items() if name in held and held[name] != good), None)
    agreement = held.get("agreementAvailability")
    if wrong is None and isinstance(agreement, dict) and agreement.get("status") not in (None, "AVAILABLE"):
        wrong = f"agreementAvailability is {agreement.get('status')}"
    if wrong is None:
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary=f"IAM allows it, and the account has no access to this model in this Region: {wrong}",
        request=0,
        weight=weights.FACT + 7.0,
    )
