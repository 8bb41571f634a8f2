"""AWS refuses these parameters or this kind of credentials, whatever the policies say."""

from undeny.diagnose import blocks, facts, say, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

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
        says="no Region is set: the call has no address",
        words=("must specify a region", "missing region in config", "region is missing", "unable to find a region", "noregionerror"),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
        source="https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html",
    ),
    Sign(
        says="AWS does not offer this in that place or to this kind of thing",
        words=("unsupported: ", "is not supported in your requested availability zone", "is not available in this region"),
        weight=weights.WORDING + 2,
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
        says="the role template is switched off: an administrator switches it on, or another template is used",
        errors=("roletemplatedisabled", "roletemplatedisabledexception"),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcquireRole.html",
    ),
    Sign(
        says="the role that the template would make is there already in another shape: it was changed, or its name is taken",
        errors=("rolemodified", "rolemodifiedexception", "nameconflict", "nameconflictexception"),
        weight=weights.BEFORE_POLICY,
        source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_AcquireRole.html",
    ),
    Sign(
        says="scoped credentials are made from temporary ones only, at a Regional STS endpoint, and for no longer than these last",
        errors=("invalidsubjectcredentials", "insufficientsessionlifetime", "invalidsubjectcredentialsexception"),
        weight=weights.BEFORE_POLICY,
        certainty="stated",
        source="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html",
    ),
    Sign(
        says="the thing is busy with a change of its own: wait until that is done, then try again",
        words=(
            "update is in progress", "is being updated", "is being modified", "is still in use", "cannot be performed at this time",
            "operation in progress", "is being created", "is being deleted", "is not in a valid state", "in progress for resource",
        ),
        never=("explicit deny", "not authorized"),
        weight=weights.WORDING + 3,
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

OF_RIGHTS = (
    "access", "denied", "authoriz", "authoris", "permission", "forbidden", "unauthor", "credential", "token", "policy", "policies", "kms",
    "privilege", "assume", "signature", "encrypt", "403", "role", "vpce", "security group", "limit", "quota", "throttl", "exceed",
    "toomany",
    "capacity", "exist", "internal", "unavailable", "timeout", "slowdown", "skew", "expired", "maximum number", "malformed", "verified",
)  # fmt: skip
"""What a text has in it that may after all speak of a right, or of what has a cause of its own: limits, capacity, faults, names."""


def look(case: Case) -> tuple[Cause, ...]:
    """By what AWS never lets this caller do, whatever the policies say, else by the wording."""
    found = [cause for cause in (_root(case), _session(case), _role_elsewhere(case), _key_elsewhere(case), _key_off(case)) if cause]
    told = read(case, INFO.code, SIGNS) or _no_denial(case)
    return (*found, told) if told else tuple(found)


def _no_denial(case: Case) -> Cause | None:
    """Give it where AWS answered with a code that speaks of no right: then the call itself or what it is about is at fault."""
    code = (case.denial.error_code or "").removeprefix("Client.")
    if not code or code.isdigit() or any(word in facts.folded(case.denial) for word in OF_RIGHTS):
        return None
    told = (
        say.fill(case, "AWS refused {what} on {on} with ") + f"{code}, which speaks of no right: the parameters, or the state of the thing"
    )
    return Cause(code=INFO.code, certainty="likely", summary=told, weight=weights.WORDING + 0.5)


def _root(case: Case) -> Cause | None:
    request = facts.main(case)
    if request is None or request.action.lower() != "sts:assumerole" or not (request.principal or "").endswith(":root"):
        return None
    return _never(case, 0, "the root user cannot assume roles: use a user or a role")


def _session(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html"""  # noqa: D400 - an address is the whole docstring
    request = facts.main(case)
    if request is None or not request.principal or request.action.lower() not in ("sts:getsessiontoken", "sts:getfederationtoken"):
        return None
    if Principal.parse(request.principal).kind not in ("role_session", "federated_user"):
        return None
    return _never(case, 0, f"{request.action} is not called with session credentials: use them as they are, or long-term ones")


def _role_elsewhere(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""  # noqa: D400 - an address is the whole docstring
    for index, request in enumerate(case.requests):
        role = Arn.parse(request.resource)
        caller = facts.caller_account(request)
        if request.action.lower() == "iam:passrole" and role and caller and role.account.isdigit() and role.account != caller:
            return _never(case, index, f"a role is never passed across accounts: this one is in {role.account}, the caller in {caller}")
    return None


def _key_elsewhere(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html"""  # noqa: D400 - an address is the whole docstring
    for index, request, verdict in facts.denied(case):
        if any("cannot be called on a key of another account" in note for note in verdict.notes):
            return _never(case, index, f"{request.action} cannot be called on a key of another account, whatever the policies say")
    return None


def _key_off(case: Case) -> Cause | None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"""  # noqa: D400 - an address is the whole docstring
    if not facts.passes(case):
        return None
    for index, request in enumerate(case.requests):
        state = facts.settings(case, request.resource).get("KeyState")
        if request.action.lower().startswith("kms:") and state not in (None, "Enabled"):
            return _never(case, index, f"the key is {state}, and {request.action} needs it enabled")
    return None


def _never(case: Case, index: int, summary: str) -> Cause:
    denied = index < len(case.verdicts) and case.verdicts[index].decision in facts.DENIED
    noted = denied and bool(case.verdicts[index].notes)
    certainty = blocks.certainty(case, case.requests[index]) if noted else "likely"
    return Cause(code=INFO.code, certainty=certainty, summary=summary, request=index, weight=weights.EXPLICIT)
