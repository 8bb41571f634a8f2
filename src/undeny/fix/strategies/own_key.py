"""Take a key whose policy is yours: AWS managed keys cannot be opened to another service, account or identity."""

from undeny.diagnose.model import Case, Cause
from undeny.fix import mend, requests
from undeny.fix.model import Fix, SettingEdit
from undeny.iam.arn import Arn

CODES = ("kms-key-policy", "kms-grant")
SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk"
SETTINGS = {
    # service of the encrypted thing: operation, parameter that names the key
    "sns": ("sns:SetTopicAttributes", "KmsMasterKeyId"),
    "sqs": ("sqs:SetQueueAttributes", "KmsMasterKeyId"),
    "s3": ("s3:PutBucketEncryption", "KMSMasterKeyID"),
    "secretsmanager": ("secretsmanager:UpdateSecret", "KmsKeyId"),
    "lambda": ("lambda:UpdateFunctionConfiguration", "KMSKeyArn"),
}


def propose(case: Case, cause: Cause) -> tuple[Fix, ...]:
    """Propose a customer managed key, the role assigned anew to a function, or origin access control; none for a key of one's own."""
    request = mend.request_of(case, cause)
    if case.evidence.from_text or request is None or not case.requests:
        return ()
    main = case.requests[0]
    if requests.caller(main).kind == "oai":
        return (_origin_access_control(),)
    if not _aws_managed(case, request.resource):
        return ()
    function = next((a for a, t in case.evidence.resources.items() if ":function:" in a and t.settings.get("Role")), None)
    if function is not None and request.action.lower() == "kms:decrypt":
        return (_role_anew(function, str(case.evidence.resources[function].settings["Role"])),)
    arn = Arn.parse(main.resource)
    operation, parameter = SETTINGS.get(arn.service_prefix if arn else "", ("<operation>", "KmsKeyId"))
    edit = SettingEdit(target=main.resource, operation=operation, before=None, after={parameter: "<ARN of a customer managed key>"})
    return (
        Fix(
            id="",
            title="encrypt with a customer managed key whose policy lets the caller in: an AWS managed key's policy cannot be changed",
            layer="setting",
            applicability="has_placeholders",
            changes=(edit,),
        ),
    )


def _aws_managed(case: Case, key: str) -> bool:
    thing = case.evidence.resources.get(key)
    return thing is not None and thing.settings.get("KeyManager") == "AWS"


def _role_anew(function: str, role: str) -> Fix:
    """Lambda's grant names the role's unique id: assigning the role again makes a grant to the role that is there now.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    edit = SettingEdit(
        target=function, operation="lambda:UpdateFunctionConfiguration", before={"Role": "<another role>"}, after={"Role": role}
    )
    return Fix(
        id="",
        title="assign another role to the function and then this one again: the key's grant is then made anew",
        layer="setting",
        applicability="maybe_incorrect",
        changes=(edit,),
    )


def _origin_access_control() -> Fix:
    """Propose what replaced origin access identities, which read no SSE-KMS objects.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    edit = SettingEdit(
        target="<ARN of the distribution>",
        operation="cloudfront:UpdateDistribution",
        before={"OriginAccessIdentity": "<identity>"},
        after={"OriginAccessControlId": "<id>"},
    )
    return Fix(
        id="",
        title="serve through origin access control, and let cloudfront.amazonaws.com decrypt in the key policy",
        layer="setting",
        applicability="has_placeholders",
        changes=(edit,),
    )
