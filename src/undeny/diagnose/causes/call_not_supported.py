"""AWS refuses these parameters or this kind of credentials, whatever the policies say."""

from undeny.diagnose import facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="call-not-supported",
    bucket="call",
    title="AWS refuses this call, whatever the policies say",
    text="""The call cannot be made like this: with these parameters, or with this kind of credentials. The root user cannot assume
roles; session credentials cannot call GetSessionToken or GetFederationToken, nor most of IAM without MFA; roles are not passed across
accounts.

Signs: "Roles may not be assumed by root accounts"; "Cannot call GetSessionToken with session credentials"; "Cross-account pass role is
not allowed"; ValidationException, InvalidParameterCombination, UnsupportedOperation.

Mends it: another call, other parameters, other credentials.

Does not: any policy.""",
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html",
    example="An error occurred (AccessDenied) when calling the AssumeRole operation: Roles may not be assumed by root accounts.",
    related=("wrong-principal", "malformed-policy"),
)
SIGNS = (
    Sign(
        says="the root user cannot assume roles: use a user or a role",
        words=("roles may not be assumed by root",),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
        source="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    ),
    Sign(
        says="this call is not made with session credentials: use them as they are, or long-term ones",
        words=("with session credentials", "with federated credentials"),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
    ),
    Sign(
        says="a role is never passed across accounts: use a role of the same account",
        words=("cross-account pass role",),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    Sign(
        says="the session would last longer than the role allows",
        words=("durationseconds exceeds", "exceeds the 1 hour session limit", "exceeds the maxsessionduration"),
        weight=weights.BEFORE_POLICY + 2,
        certainty="stated",
        source="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    ),
    Sign(
        says="the API has no such path or method, or the request was not signed",
        words=("missing authentication token",),
        weight=weights.WORDING + 5.8,
        source="https://repost.aws/knowledge-center/api-gateway-authentication-token-errors",
    ),
    Sign(
        says="AWS refuses these parameters, whatever the policies say",
        errors=(
            "validationexception", "validationerror", "invalidparametercombination", "invalidparametervalue",
            "invalidparametervalueexception", "invalidparameterexception", "invalidparameter", "unsupportedoperation",
            "unsupportedoperationexception", "invalidrequest", "invalidrequestexception", "invalidargument", "invalidinput",
            "invalidinputexception", "methodnotallowed", "notimplemented", "invalidaction", "unknownoperationexception",
            "missingparameter", "invalidinputvalue", "badrequestexception", "operationnotpermitted", "operationnotpermittedexception",
            "deleteconflict", "conflictexception", "invalidoperationexception", "paramvalidationerror", "invalidstructureexception",
            "serializationexception", "dependencyviolation", "incorrectstate", "unsupportedmediatype", "invalidbucketname",
            "illegallocationconstraintexception", "invalidlocationconstraint", "permanentredirect",
        ),
        never=(
            "not authorized", "access denied", "accessdenied", "cannot be assumed", "permission", "kms", "could not assume role",
            "lakeformation", "destination configurations",
        ),
        weight=weights.WORDING + 2,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By the root user that assumes a role, else by the wording."""
    found = [cause for cause in (_root(case),) if cause]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _root(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() != "sts:assumerole" or not (request.principal or "").endswith(":root"):
        return None
    return Cause(
        code=INFO.code,
        certainty="likely",
        summary="the root user cannot assume roles: use a user or a role",
        request=0,
        weight=weights.EXPLICIT,
    )
