"""Statements of a Lambda function's policy as Terraform has them: one `aws_lambda_permission` a statement.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_permission
https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
"""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac._shape import Shape
from undeny.iam import elements
from undeny.iam.arn import Arn

CONDITIONS: Mapping[tuple[str, str], str] = {
    # operator and key in lower case: the argument that makes it
    ("arnlike", "aws:sourcearn"): "source_arn",
    ("stringequals", "aws:sourceaccount"): "source_account",
    ("stringequals", "aws:principalorgid"): "principal_org_id",
    ("stringequals", "lambda:functionurlauthtype"): "function_url_auth_type",
    ("stringequals", "lambda:eventsourcetoken"): "event_source_token",
}


def permissions(one: Shape) -> list[dict[str, str]] | None:
    """Give the arguments of one permission for each statement that is new; `None` where that is not the whole change."""
    before, after = elements.statements(one.edit.before), elements.statements(one.edit.after)
    new = [statement for statement in after if statement not in before]
    made = [_permission(statement, one) for statement in new]
    if [statement for statement in after if statement in before] != before or None in made:
        return None
    return [arguments for arguments in made if arguments is not None]


def _permission(statement: Mapping[str, Any], one: Shape) -> dict[str, str] | None:
    principal = statement.get("Principal")
    names = list(principal.items()) if isinstance(principal, Mapping) else [("AWS", principal)]
    action, resource = statement.get("Action"), statement.get("Resource")
    if statement.get("Effect") != "Allow" or len(names) != 1 or not all(isinstance(v, str) for v in (names[0][1], action, resource)):
        return None
    if names[0][0] not in ("Service", "AWS") or set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        return None
    found = {"statement_id": str(statement.get("Sid") or "undeny"), "action": str(action), "principal": str(names[0][1])}
    qualifier = str(resource).removeprefix(one.edit.target)
    function = Arn.parse(one.edit.target)
    if function is None or (qualifier and not qualifier.startswith(":")):
        return None
    found["function_name"] = function.resource_id.partition(":")[0]
    found |= {"qualifier": qualifier[1:]} if qualifier else {}
    for operator, block in (statement.get("Condition") or {}).items():
        for key, value in block.items():
            argument = CONDITIONS.get((operator.lower(), key.lower()))
            if argument is None or not isinstance(value, str):
                return None
            found[argument] = value
    return found
