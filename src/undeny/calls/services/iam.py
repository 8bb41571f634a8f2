"""IAM: tags, boundaries, roles that are put into an instance profile."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html"
CONTEXT = {
    "permissionsBoundary": "iam:PermissionsBoundary", "policyArn": "iam:PolicyARN", "awsServiceName": "iam:AWSServiceName",
    "aWSServiceName": "iam:AWSServiceName", "serviceName": "iam:ServiceSpecificCredentialServiceName",
}  # fmt: skip
TAGGED = {
    "iam:CreateRole": "iam:TagRole", "iam:CreateUser": "iam:TagUser", "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateInstanceProfile": "iam:TagInstanceProfile", "iam:CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "iam:CreateSAMLProvider": "iam:TagSAMLProvider", "iam:UploadServerCertificate": "iam:TagServerCertificate",
    "iam:CreateVirtualMFADevice": "iam:TagMFADevice",
}  # fmt: skip
PASSES = {"iam:AddRoleToInstanceProfile": (("roleName",), "ec2.amazonaws.com")}
THINGS = (
    ("rolename", "role"),
    ("username", "user"),
    ("groupname", "group"),
    ("policyname", "policy"),
    ("instanceprofilename", "instance-profile"),
)


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a new thing with its path, or of a service-linked role."""
    names = folded(parameters)
    service = names.get("awsservicename")
    if place.account is None:
        return None
    start = f"arn:{place.partition}:iam::{place.account}:"
    if action == "iam:CreateServiceLinkedRole" and isinstance(service, str):
        return f"{start}role/aws-service-role/{service}/*"
    path = names.get("path")
    if not action.startswith("iam:Create") or not isinstance(path, str):
        return None
    for parameter, kind in THINGS:
        if isinstance(names.get(parameter), str) and kind.replace("-", "") in action.lower():
            return f"{start}{kind}/{path.strip('/')}/{names[parameter]}".replace("//", "/")
    return None
