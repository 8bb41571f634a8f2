"""Which policies bear on a request: none read (from a text alone), and those of a call behind the user's own."""

from collections.abc import Mapping

import msgspec

from undeny.calls.model import Request
from undeny.evidence import gaps
from undeny.evidence.model import Evidence, Gap, LevelSet, Policies, Policy, PolicySet, Resource
from undeny.iam.arn import Arn
from undeny.iam.principal import Principal

_WITHOUT_IDENTITY = ("service", "anonymous", "web_identity", "saml", "oai")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html ("Resource-based policies")
# https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html (as of 2026-11)
_WITH_RESOURCE_POLICY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("s3", "s3express", "s3-object-lambda", "s3-outposts", "s3tables", "s3vectors", "s3files", "sqs", "sns"), ()),
    **dict.fromkeys(("secretsmanager", "dynamodb", "ecr", "ecr-public", "execute-api", "glacier", "glue", "mediastore"), ()),
    **dict.fromkeys(("serverlessrepo", "refactor-spaces", "redshift-serverless", "ssm-contacts", "ssm-incidents"), ()),
    **dict.fromkeys(("vpc-lattice", "mediapackagev2", "entityresolution", "payment-cryptography", "es", "oam", "aps"), ()),
    "acm-pca": ("certificate-authority",),
    "apigateway": ("",),  # /restapis/ID: the policy of the interface itself
    "backup": ("backup-vault",),
    "cloudtrail": ("dashboard", "eventdatastore", "channel"),
    "codeartifact": ("domain", "repository", "package"),
    "codebuild": ("project", "report-group"),
    "comprehend": ("document-classifier", "entity-recognizer"),
    "dsql": ("cluster",),
    "elasticfilesystem": ("file-system",),
    "events": ("event-bus",),
    "kafka": ("cluster",),
    "kinesis": ("stream",),
    "kms": ("key", "alias"),
    "lambda": ("function", "layer"),
    "lex": ("bot", "bot-alias"),
    "logs": ("log-group", "destination"),
    "rekognition": ("project",),
    "sagemaker": ("model-package-group", "model-package", "hub", "hub-content"),
    "schemas": ("registry",),
    "ses": ("identity",),
    "signer": ("", "signing-profiles"),
    "ssm": ("parameter", "opsitemgroup"),
}
"""The services whose things have policies, and which kinds of things; `()` is every kind."""
TRUST_ACTIONS = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
    }
)
"""What a role's trust policy answers, in lower case:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html"""


def unread(request: Request) -> Evidence:
    """Give the evidence that a text alone amounts to: every layer a gap that names what would fill it."""
    who = Principal.parse(request.principal) if request.principal else None
    policies = Policies(
        identity=gaps.identity(request.principal),
        boundary=gaps.boundary(request.principal),
        session=gaps.session(request.principal),
        endpoint=gaps.endpoint(_context_text(request, "aws:sourcevpce")),
        resource=gaps.resource(request.resource if request.resource != "*" else None),
        scp=gaps.organization("scp", who.account if who else None),
        rcp=gaps.organization("rcp", request.resource_account),
    )
    return Evidence(policies=policies, source="text", from_text=True)


def policies_for(evidence: Evidence, main: Request, request: Request) -> Policies:
    """Give the layers that bear on `request`, a call made for `main`: the caller's side, with that thing's own policy."""
    if request == main:
        return evidence.policies
    held = _whole(evidence, main, request)
    identity, boundary, session, scope_down, scp = _caller_side(held, main, request)
    return Policies(
        identity=identity,
        boundary=boundary,
        session=session,
        scope_down=scope_down,
        endpoint=_endpoint(held, main, request),
        resource=_resource(evidence, main, request),
        scp=scp,
        rcp=_rcp(held, main, request),
    )


def _whole(evidence: Evidence, main: Request, request: Request) -> Policies:
    """Give the layers without those of AWS's record, for another service's action: a recorded document may leave it out.

    https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationPolicy.html
    """
    held = evidence.policies
    if not evidence.recorded or _prefix(request.action) == _prefix(main.action):
        return held
    why = "AWS's record holds what concerns the refused call"
    account = Principal.parse(main.principal).account if main.principal else None
    missing: dict[str, Gap] = {
        "identity": gaps.identity(main.principal, why),
        "boundary": gaps.boundary(main.principal, why),
        "session": gaps.session(main.principal, why),
        "scp": gaps.organization("scp", account, why),
        "rcp": gaps.organization("rcp", main.resource_account, why),
    }
    return msgspec.structs.replace(held, **{layer: gap for layer, gap in missing.items() if layer in evidence.recorded})


def holder_of_policy(action: str, resource: str) -> str | None:
    """Give the ARN of the thing whose policy speaks on `action` at `resource`: the bucket of an object, the table of an index.

    `None` where no resource policy exists for it: `*`, `iam:*` on a role, a service without resource policies.
    """
    arn = Arn.parse(resource)
    if arn is None:
        return None
    if arn.service_prefix == "iam":
        return resource if arn.resource_type == "role" and action.lower() in TRUST_ACTIONS else None
    kinds = _WITH_RESOURCE_POLICY.get(arn.service_prefix)
    if kinds is None or (kinds and arn.resource_type not in kinds):
        return None
    return str(_holder(arn))


def _holder(arn: Arn) -> Arn:
    parts = arn.resource.split("/")
    if arn.service_prefix == "s3":
        keep = 2 if parts[0] == "accesspoint" and arn.account else 1
    elif arn.service_prefix == "execute-api":
        keep = 1
    elif arn.service_prefix == "s3express" or parts[0] in ("table", "stream"):
        keep = 2
    else:
        return arn
    return Arn(
        partition=arn.partition,
        service_prefix=arn.service_prefix,
        region=arn.region,
        account=arn.account,
        resource="/".join(parts[:keep]),
    )


def _caller_side(held: Policies, main: Request, request: Request) -> tuple[PolicySet, PolicySet, PolicySet, PolicySet, LevelSet]:
    if request.principal == main.principal:
        return held.identity, held.boundary, held.session, held.scope_down, held.scp
    who = Principal.parse(request.principal) if request.principal else None
    if who is not None and who.kind in _WITHOUT_IDENTITY:
        return None, None, None, None, ()
    caller = Principal.parse(main.principal) if main.principal else None
    same_account = who is not None and caller is not None and who.account is not None and who.account == caller.account
    scp = held.scp if same_account else gaps.organization("scp", who.account if who else None)
    session = gaps.session(request.principal) if who is None or who.kind in ("role_session", "federated_user", "unknown") else None
    return gaps.identity(request.principal), gaps.boundary(request.principal), session, None, scp


def _endpoint(held: Policies, main: Request, request: Request) -> PolicySet:
    """Give the endpoint's policy for what the caller sends through it: it does not speak on what a service calls on the caller's behalf.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    own = request.principal == main.principal and request.role != "hidden" and _prefix(request.action) == _prefix(main.action)
    if not own or _context_text(request, "aws:viaawsservice") == "true":
        return None
    return held.endpoint


def _resource(evidence: Evidence, main: Request, request: Request) -> Policy | Gap | None:
    holder = holder_of_policy(request.action, request.resource)
    if holder is None:
        return None
    thing = find(evidence.resources, request.resource) or find(evidence.resources, holder)
    if thing is not None and not isinstance(thing.policy, Gap):
        return thing.policy
    if holder == holder_of_policy(main.action, main.resource):
        return evidence.policies.resource
    return thing.policy if thing is not None else gaps.resource(holder)


def find(resources: Mapping[str, Resource], arn: str) -> Resource | None:
    """Give the thing of that ARN; a role is found without its path too, since the ARN of a session does not hold it."""
    if arn in resources:
        return resources[arn]
    wanted = Arn.parse(arn)
    if wanted is None or wanted.service_prefix != "iam" or wanted.resource_type != "role":
        return None
    for text, thing in resources.items():
        held = Arn.parse(text)
        if held and (held.service_prefix, held.account, held.resource_type) == ("iam", wanted.account, "role") and held.name == wanted.name:
            return thing
    return None


def _rcp(held: Policies, main: Request, request: Request) -> LevelSet:
    account = request.resource_account
    if account is None:
        return ()  # AWS owns it, or it is `*`: no RCP reaches it
    if account == main.resource_account:
        return held.rcp
    caller = Principal.parse(main.principal) if main.principal else None
    if held.scp == () and ((caller is not None and account == caller.account) or held.rcp == ()):
        return ()
    return gaps.organization("rcp", account)


def _prefix(action: str) -> str:
    return action.partition(":")[0].lower()


def _context_text(request: Request, key: str) -> str | None:
    value = next((value for name, value in request.context.items() if name.lower() == key), None)
    return value if isinstance(value, str) else None


def session_layer(principal: str | None) -> PolicySet:
    """Give the session layer where no reading tells it: none for who has no session, else a gap, since no API shows it.

    EC2 makes an instance's session itself, named after the instance, without a policy.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
    """
    who = Principal.parse(principal) if principal else None
    if who is None:
        return gaps.session(None)
    if who.kind == "role_session" and _is_instance(who.session_name or ""):
        return None
    return gaps.session(who.text) if who.kind in ("role_session", "federated_user") else None


def _is_instance(name: str) -> bool:
    digits = name.removeprefix("i-")
    return digits != name and len(digits) in (8, 17) and all(character in "0123456789abcdef" for character in digits)


def endpoint_layer(request: Request) -> str | Gap | None:
    """Give the id of the endpoint that the request came through, `None` where there was none, a gap where nobody knows.

    A call with a public source address came through none:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
    """
    told = {key.lower(): value for key, value in request.context.items()}
    named = told.get("aws:sourcevpce")
    if isinstance(named, str):
        return named
    if request.principal is not None and Principal.parse(request.principal).kind == "service":
        return None
    absent = "aws:sourcevpce" in told or isinstance(told.get("aws:sourceip"), str)
    return None if absent else gaps.endpoint(None)


def identity_side(principal: str | None) -> bool:
    """Whether a caller has policies of its own to be read: services, anonymous and federated callers, and root, have none."""
    return principal is None or Principal.parse(principal).kind not in (*_WITHOUT_IDENTITY, "root")


def in_organization(principal: str | None) -> bool:
    """Whether SCPs reach a caller of that kind: not a service, nor who has no credentials of an account."""
    return principal is None or Principal.parse(principal).kind not in _WITHOUT_IDENTITY
