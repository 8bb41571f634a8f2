"""Lambda: a function's policy, whichever of the two ways it was written, with its role and key."""

from collections.abc import Iterator

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Policy, Resource
from undeny.iam.arn import Arn

SERVICE = "lambda"
_API = "https://docs.aws.amazon.com/lambda/latest/api/API_"
PERMISSIONS = {
    "lambda:GetPolicy": ("the function's policy", f"{_API}GetPolicy.html"),
    "lambda:GetResourcePolicy": ("the function's policy where it was written whole", f"{_API}GetResourcePolicy.html"),
    "lambda:GetFunctionConfiguration": ("the function's role and key", f"{_API}GetFunctionConfiguration.html"),
}
ACCOUNT_PERMISSIONS = {
    "lambda:ListFunctions": ("the account's functions", f"{_API}ListFunctions.html"),
}
_KEPT = ("Role", "KMSKeyArn", "PackageType", "LastModified", "State", "CodeSha256", "VpcConfig")
_NONE = ("ResourceNotFoundException",)


def thing(arn: Arn) -> str | None:
    """Give the function, with its version or alias: each has a policy of its own."""
    return str(arn) if arn.resource_type == "function" and "*" not in arn.resource else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a function."""
    text, region = str(arn), arn.region
    found = reader.call(
        "lambda",
        "get_function_configuration",
        action="lambda:GetFunctionConfiguration",
        what=f"configuration of {text}",
        none=_NONE,
        region=region,
        FunctionName=text,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    settings = {key: found[key] for key in _KEPT if found.get(key) is not None} if isinstance(found, dict) else {}
    return Resource(arn=text, policy=_policy(reader, text, region), settings=settings, exists=True if settings else None)


def _policy(reader: Reader, arn: str, region: str) -> Policy | Gap | None:
    """Give the policy that was written whole, else the one that AddPermission wrote: writing whole replaces the other.

    https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html
    """
    what, action = f"resource policy of {arn}", "lambda:GetResourcePolicy"
    whole = reader.call("lambda", "get_resource_policy", action=action, what=what, none=(*_NONE, "404"), region=region, ResourceArn=arn)
    if isinstance(whole, dict) and whole.get("Policy"):
        return reader.policy("function policy", whole["Policy"], attached_to=arn)
    added = reader.call("lambda", "get_policy", action="lambda:GetPolicy", what=what, none=_NONE, region=region, FunctionName=arn)
    if isinstance(added, dict):
        return reader.policy("function policy", added["Policy"], attached_to=arn)
    return added if isinstance(added, Gap) else whole if isinstance(whole, Gap) else None


def every(reader: Reader) -> Iterator[Arn]:
    """List the functions of the reader's account and Region."""
    answer = reader.call("lambda", "list_functions", action="lambda:ListFunctions", what="the account's functions")
    for one in answer.get("Functions", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(one["FunctionArn"])
        if arn is not None:
            yield arn
