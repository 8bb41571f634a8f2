"""CloudFormation: the service role of a stack."""

from collections.abc import Mapping
from typing import Any

from undeny.calls._place import Place, folded

SOURCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html"
TAGGED = {
    "cloudformation:CreateStack": "cloudformation:TagResource",
    "cloudformation:UpdateStack": "cloudformation:TagResource",
    "cloudformation:CreateStackSet": "cloudformation:TagResource",
    "cloudformation:CreateChangeSet": "cloudformation:TagResource",
}
PASSES = {
    "cloudformation:CreateStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:UpdateStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:DeleteStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:CreateChangeSet": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:ContinueUpdateRollback": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:RollbackStack": (("roleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:CreateStackSet": (("administrationRoleARN",), "cloudformation.amazonaws.com"),
    "cloudformation:UpdateStackSet": (("administrationRoleARN",), "cloudformation.amazonaws.com"),
}
CONTEXT = {
    "roleARN": "cloudformation:RoleArn",
    "templateURL": "cloudformation:TemplateUrl",
    "stackPolicyURL": "cloudformation:StackPolicyUrl",
}


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a stack or stack set by name; the id behind the name is AWS's: `*`."""
    del action
    names = folded(parameters)
    if place.region is None or place.account is None:
        return None
    start = f"arn:{place.partition}:cloudformation:{place.region}:{place.account}:"
    for parameter, form in (("stackname", "stack/{}/*"), ("stacksetname", "stackset/{}:*")):
        name = names.get(parameter)
        if isinstance(name, str):
            return name if name.startswith("arn:") else start + form.format(name)
    return None
