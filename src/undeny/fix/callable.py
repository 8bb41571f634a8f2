"""Which condition keys the caller itself decides, and how a person sends another value with the call."""

from collections.abc import Mapping

from undeny.calls.model import Request
from undeny.fix import requests

HOW: Mapping[str, str] = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "aws:multifactorauthpresent": "call with an MFA session: `aws sts get-session-token --serial-number MFA-ARN --token-code CODE`, "
    "then use its three values",
    "aws:multifactorauthage": "get a new MFA session: `aws sts get-session-token --serial-number MFA-ARN --token-code CODE`",
    "aws:requestedregion": "call in {value}: `--region {value}`, `AWS_REGION={value}` or the provider's region",
    "aws:securetransport": "call over HTTPS",
    "aws:sourceip": "call from an address in {wanted}",
    "aws:vpcsourceip": "call from an address in {wanted} inside the VPC",
    "aws:sourcevpce": "call through the VPC endpoint {wanted}",
    "aws:sourcevpc": "call from the VPC {wanted}",
    "sts:externalid": "send `ExternalId={value}` with AssumeRole",
    "sts:rolesessionname": "send `RoleSessionName={value}` with AssumeRole",
    "sts:sourceidentity": "send `SourceIdentity={value}` with AssumeRole",
    "iam:permissionsboundary": "set the permissions boundary {value} in the call (`PermissionsBoundary`)",
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    "s3:x-amz-server-side-encryption": "send the encryption that the policy asks for: `ServerSideEncryption={value}` (`--sse {value}`)",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "name the key that the policy asks for: `SSEKMSKeyId={value}` "
    "(`--sse-kms-key-id {value}`)",
    "s3:x-amz-acl": "send the ACL that the policy asks for: `ACL={value}` (`--acl {value}`)",
    "s3:prefix": "list under the prefix that the policy allows: `Prefix={value}`",
    "s3:delimiter": "list with `Delimiter={value}`",
    "s3:max-keys": "list with `MaxKeys={value}`",
    "s3:signatureversion": "sign with {value}",
}
NETWORK = ("aws:sourceip", "aws:vpcsourceip", "aws:sourcevpce", "aws:sourcevpc")
"""Where a call comes from: a person may move there, but mostly the guard's list wants the new place."""
OF_ORGANIZATION = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
_PER_CALL_SERVICES = (
    "ec2",
    "rds",
    "lambda",
    "s3",
    "iam",
    "elasticloadbalancing",
    "dynamodb",
    "ecs",
    "eks",
    "cloudformation",
    "organizations",
)
_NOT_SENT = (
    "resourcetag/",
    "passedtoservice",
    "awsservicename",
    "existingobjecttag",
    "resourceaccount",
    "accesspointnetworkorigin",
    "isolatedvpc",
)


def callable_key(request: Request, key: str) -> bool:
    """Whether the caller decides the value of that key by how it makes this call.

    A service calls as it does, and a call behind another is made by the service: there nobody can send anything else.
    """
    lower = key.lower()
    if request.role != "main" or requests.caller(request).kind in ("service", "web_identity", "saml", "oai"):
        return False
    if lower in HOW or lower.startswith(("aws:requesttag/", "aws:tagkeys")) or "req-tag/" in lower:
        return True
    if tag_of_thing(key):
        return not creates(request)
    prefix = request.action.partition(":")[0].lower()
    own = prefix in _PER_CALL_SERVICES and lower.startswith(f"{prefix}:")
    return own and not any(word in lower for word in _NOT_SENT)


def possible(key: str, value: str) -> bool:
    """Whether a call can carry this value: an endpoint's id is no VPC's.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    start = {"aws:sourcevpce": "vpce-", "aws:sourcevpc": "vpc-"}.get(key.lower(), "")
    return value.startswith((start, "<"))


def tag_of_thing(key: str) -> bool:
    """Whether the key is a tag that the thing itself carries."""
    return "resourcetag/" in key.lower()


def creates(request: Request) -> bool:
    """Whether the call makes the thing that it is judged on: it cannot carry a tag yet."""
    return request.resource.endswith("*") or request.action.partition(":")[2].startswith(("Create", "Run", "Allocate", "Register"))


def how(key: str, value: str, wanted: tuple[str, ...]) -> str:
    """Say how a person sends that value."""
    lower = key.lower()
    listed = ", ".join(wanted)
    if lower in HOW:
        return HOW[lower].format(value=value, wanted=listed)
    tag = key.partition("/")[2]
    if lower.startswith("aws:requesttag/") or "req-tag/" in lower:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
        return f"send the tag {tag}={value} in this very call, not afterwards (`--tags`, `TagSpecifications`)"
    if lower == "aws:tagkeys":
        return f"send only the tag keys that the policy allows: {listed}"
    if tag_of_thing(key):
        return f"tag the thing {tag}={value} first, then call"
    return f"send {key.partition(':')[2]} {value} with the call"
