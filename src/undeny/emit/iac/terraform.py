"""Terraform (HCL): one resource a document, an `import` block where the document is there already."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.emit.iac import _permissions
from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Corrected, Shape
from undeny.fix.model import Fix, SettingEdit
from undeny.iam import write

NAME = "terraform"
SUFFIX = "tf"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs"
RESOURCES: Mapping[str, tuple[str, str, str]] = {
    # kind: resource type, argument that holds the document, and how an import names it
    "role_inline": ("aws_iam_role_policy", "policy", "{name}:{policy}"),
    "user_inline": ("aws_iam_user_policy", "policy", "{name}:{policy}"),
    "group_inline": ("aws_iam_group_policy", "policy", "{name}:{policy}"),
    "managed": ("aws_iam_policy", "policy", "{arn}"),
    "trust": ("aws_iam_role", "assume_role_policy", "{name}"),
    "bucket": ("aws_s3_bucket_policy", "policy", "{name}"),
    "queue": ("aws_sqs_queue_policy", "policy", "{url}"),
    "topic": ("aws_sns_topic_policy", "policy", "{arn}"),
    "key": ("aws_kms_key_policy", "policy", "{name}"),
    "secret": ("aws_secretsmanager_secret_policy", "policy", "{arn}"),
    "repository": ("aws_ecr_repository_policy", "policy", "{name}"),
    "table": ("aws_dynamodb_resource_policy", "policy", "{arn}"),
    "endpoint": ("aws_vpc_endpoint_policy", "policy", "{name}"),
    "organization": ("aws_organizations_policy", "content", "{identifier}"),
}
ARGUMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "role_inline": (("name", "{policy}"), ("role", "{name}")),
    "user_inline": (("name", "{policy}"), ("user", "{name}")),
    "group_inline": (("name", "{policy}"), ("group", "{name}")),
    "managed": (("name", "{policy}"),),
    "trust": (("name", "{name}"),),
    "bucket": (("bucket", "{name}"),),
    "queue": (("queue_url", "{url}"),),
    "topic": (("arn", "{arn}"),),
    "key": (("key_id", "{name}"),),
    "secret": (("secret_arn", "{arn}"),),
    "repository": (("repository", "{name}"),),
    "table": (("resource_arn", "{arn}"),),
    "endpoint": (("vpc_endpoint_id", "{name}"),),
    "organization": (("name", "{policy}"), ("type", "{type}")),
}


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the fix as Terraform. What Terraform has no resource for stands as a comment."""
    parts = ["\n".join(f"# {line}" for line in shape.heading(fix))]
    for one in shape.shapes(fix, scenario):
        parts += _document(one)
    parts += [_setting(edit) for edit in shape.settings(fix)]
    return "\n\n".join(parts) + "\n"


def _document(one: Shape) -> Iterator[str]:
    made = _permissions.permissions(one) if one.kind == "function" and one.edit.after is not None else None
    if made is not None:
        yield from (_permission(arguments) for arguments in made)
        return
    if one.kind not in RESOURCES:
        yield _comment(one)
        return
    if one.edit.after is None:
        yield f"# remove the policy {one.policy} of {one.name} from your code"
        return
    value = shape.corrected(one)
    if value is not None:
        yield _variable(one, value)
    kind, argument, identity = RESOURCES[one.kind]
    if not one.new or one.kind == "trust":
        yield f"import {{\n  to = {kind}.{one.label}\n  id = {_quoted(_filled(identity, one))}\n}}"
    yield _resource(one, kind, argument, value)


def _permission(arguments: Mapping[str, str]) -> str:
    wide = max(map(len, arguments))
    lines = [f"  {name:<{wide}} = {_quoted(value)}" for name, value in arguments.items()]
    return "\n".join(
        [
            f'resource "aws_lambda_permission" "{shape.word(arguments["function_name"])}_{shape.word(arguments["statement_id"])}" {{',
            *lines,
            "}",
        ]
    )


def _resource(one: Shape, kind: str, argument: str, value: Corrected | None) -> str:
    lines = [f'resource "{kind}" "{one.label}" {{']
    wide = max(len(name) for name, _ in (*ARGUMENTS[one.kind], (argument, "")))
    lines += [f"  {name:<{wide}} = {_quoted(_filled(text, one))}" for name, text in ARGUMENTS[one.kind]]
    lines += [f"  {argument:<{wide}} = <<-POLICY", *(f"    {line}" for line in _policy(one, value).splitlines()), "  POLICY"]
    if one.kind == "trust":
        lines += ["", "  lifecycle {", "    ignore_changes = [description, max_session_duration, path, permissions_boundary, tags]", "  }"]
    return "\n".join([*lines, "}"])


def _policy(one: Shape, value: Corrected | None) -> str:
    """Write the document as a heredoc takes it: `${` and `%{` of the policy escaped, the corrected value a variable.

    https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1
    """
    text = write.dump(one.edit.after).replace("${", "$${").replace("%{", "%%{")
    if value is None:
        return text
    return text.replace(write.dump(value.value), f'"${{var.{_variable_name(one, value)}}}"')


def _variable(one: Shape, value: Corrected) -> str:
    name = _variable_name(one, value)
    return "\n".join(
        [
            f'variable "{name}" {{',
            f"  description = {_quoted(f'What the policy {one.policy or one.name} was corrected to name: {value.says}')}",
            "  type        = string",
            f"  default     = {_quoted(value.value)}",
            "",
            "  validation {",
            f"    condition     = can(regex({_quoted(value.pattern)}, var.{name}))",
            f"    error_message = {_quoted(f'This must be {value.says}.')}",
            "  }",
            "}",
        ]
    )


def _variable_name(one: Shape, value: Corrected) -> str:
    return f"{one.label}_{value.name}".lower()


def _filled(text: str, one: Shape) -> str:
    return text.format(**one.names(), type=_type(one))


def _type(one: Shape) -> str:
    """Name the type of an organisation's policy.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html
    """
    return "RESOURCE_CONTROL_POLICY" if one.edit.layer == "rcp" else "SERVICE_CONTROL_POLICY"


def _quoted(text: str) -> str:
    return write.dump(text).replace("${", "$${").replace("%{", "%%{")


def _comment(one: Shape) -> str:
    text = write.dump(one.edit.after)
    said = {
        "session": "a session policy is given with AssumeRole, not in Terraform; it has to be",
        "function": "the function's resource policy has to be (one aws_lambda_permission a statement)",
    }.get(one.kind, f"Terraform has no resource for the policy of {one.edit.target}; it has to be")
    return "\n".join(f"# {line}" for line in (f"{said}:", *text.splitlines()))


def _setting(edit: SettingEdit) -> str:
    after = edit.after or {}
    bucket = edit.target.rpartition(":")[2]
    if edit.operation == "s3:PutPublicAccessBlock":
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_public_access_block
        names = {
            "BlockPublicAcls": "block_public_acls",
            "IgnorePublicAcls": "ignore_public_acls",
            "BlockPublicPolicy": "block_public_policy",
            "RestrictPublicBuckets": "restrict_public_buckets",
        }
        held = after.get("PublicAccessBlockConfiguration") or {}
        lines = [f"  {names[k]:<23} = {str(bool(v)).lower()}" for k, v in held.items() if k in names]
        head = (
            _import(edit, "aws_s3_bucket_public_access_block")
            + f'resource "aws_s3_bucket_public_access_block" "{shape.word(bucket)}" {{\n  bucket                  = {_quoted(bucket)}\n'
        )
        return head + "\n".join(lines) + "\n}"
    if edit.operation == "s3:PutBucketOwnershipControls":
        value = after["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        kind = "aws_s3_bucket_ownership_controls"
        return (
            f'{_import(edit, kind)}resource "{kind}" "{shape.word(bucket)}" {{\n  bucket = {_quoted(bucket)}\n\n'
            f"  rule {{\n    object_ownership = {_quoted(value)}\n  }}\n}}"
        )
    told = write.dump(edit.after).splitlines()
    return "\n".join([f"# call {edit.operation} on {edit.target} with:", *(f"# {line}" for line in told)])


def _import(edit: SettingEdit, kind: str) -> str:
    """Write the import of a bucket's setting that is there: both resources are named by the bucket."""
    if not edit.before:
        return ""
    bucket = edit.target.rpartition(":")[2]
    return f"import {{\n  to = {kind}.{shape.word(bucket)}\n  id = {_quoted(bucket)}\n}}\n\n"
