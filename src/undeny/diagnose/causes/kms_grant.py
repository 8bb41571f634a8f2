"""No grant fits, or the caller may not create the grant that the service needs."""

from collections.abc import Iterator

from undeny.diagnose import blocks, facts, weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

INFO = CauseInfo(
    code="kms-grant",
    bucket="permission",
    title="no KMS grant fits, or the one that is needed may not be created",
    text="""Some services use a key by a grant: EBS for the instance that attaches a volume, Lambda for its environment variables, RDS
and others. Whoever starts them has to be allowed kms:CreateGrant (with kms:GrantIsForAWSResource), or the thing is made and dies a
moment later. A grant names its grantee by unique id: after a role is deleted and made again under the same name the old grant fits
nobody.

Signs: Client.InternalError, InvalidKMSKey or CustomerKeyHasBeenRevoked on launch or attach; InvalidVolume.NotFound of a volume that was
just made; "the KMS key is invalid for CreateGrant"; kms:Decrypt denied for a function whose role was made again.

Mends it: kms:CreateGrant on the key with kms:GrantIsForAWSResource true, beside Decrypt and GenerateDataKeyWithoutPlaintext; for Lambda
setting the function's role (or its key) once more, which makes a new grant.

Does not: EC2 or Lambda permissions; editing an AWS managed key's policy.""",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    example="CustomerKeyHasBeenRevoked: The encrypted volume was unable to access the KMS master key.",
    related=("kms-key-policy", "identity-missing-allow"),
)
SIGNS = (
    Sign(
        says="the launch or attach may lack kms:CreateGrant on the volume's key",
        words=("encrypted ebs", "encrypted volume", "ebs encryption", "encrypted ami", "encrypted snapshot", "encrypted root volume"),
        weight=weights.WORDING + 2,
    ),
    Sign(
        says="the service could not create its grant on the KMS key: {who} may lack kms:CreateGrant",
        words=(
            "invalid for creategrant", "customerkeyhasbeenrevoked", "invalidkmskey", "perform: kms:creategrant",
            "unable to access the kms", "kms key provided is in an incorrect state", "client.internalerror", "client error on launch",
        ),
        weight=weights.WORDING + 6,
        source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
    ),
    Sign(
        says="an encrypted volume was made and taken away again: {who} may lack kms:CreateGrant on its key",
        words=("invalidvolume.notfound",),
        weight=weights.WORDING + 3,
    ),
)  # fmt: skip


def look(case: Case) -> tuple[Cause, ...]:
    """By grants that name another id than the caller's, by a denied CreateGrant behind a service, else by the wording."""
    found = [*_stale(case), *_create(case)]
    told = read(case, INFO.code, SIGNS)
    return (*found, told) if told else tuple(found)


def _stale(case: Case) -> Iterator[Cause]:
    for index, request, _ in facts.denied(case):
        operation = request.action.partition(":")[2]
        if not request.action.lower().startswith("kms:"):
            continue
        for grant in facts.settings(case, request.resource).get("Grants") or ():
            grantee = str(grant.get("GranteePrincipal") or "")
            if operation in (grant.get("Operations") or ()) and grantee.startswith(("AROA", "AIDA")):
                yield _of_grant(case, index, grantee)


def _of_grant(case: Case, index: int, grantee: str) -> Cause:
    request = case.requests[index]
    return Cause(
        code=INFO.code,
        certainty=blocks.certainty(case, request),
        summary=f"the key's grant is for the id {grantee}, which is not the caller's: the role was deleted and made again under its name",
        layer="resource",
        got=(str(request.context.get("aws:userid") or request.principal),),
        wanted=(grantee,),
        because=(
            f"because a grant for {request.action} is there and names its grantee by the unique id {grantee}",
            "and a role that is made again has another id, whatever its name",
            "so that grant fits nobody, and no policy lets the caller use the key",
        ),
        request=index,
        weight=blocks.heavy(case, index, "resource", 8.0),
    )


def _create(case: Case) -> Iterator[Cause]:
    for layer in ("identity", "resource"):
        for cause in blocks.lacking(case, layer, INFO.code, 3.0):
            request = case.requests[cause.request or 0]
            if request.action.lower() == "kms:creategrant" and request.role != "main":
                yield cause
