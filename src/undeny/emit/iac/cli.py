"""AWS CLI commands: save what is there, then write the new document."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Shape
from undeny.fix.model import Fix, SettingEdit
from undeny.iam import write

NAME = "cli"
SUFFIX = "sh"
SOURCE = "https://docs.aws.amazon.com/cli/latest/reference/"
COMMANDS: Mapping[str, tuple[str, str]] = {
    # kind: the command that reads what is there, the one that writes; {file} holds the document
    "role_inline": ("iam get-role-policy --role-name {name} --policy-name {policy} --query PolicyDocument",
                    "iam put-role-policy --role-name {name} --policy-name {policy} --policy-document file://{file}"),
    "user_inline": ("iam get-user-policy --user-name {name} --policy-name {policy} --query PolicyDocument",
                    "iam put-user-policy --user-name {name} --policy-name {policy} --policy-document file://{file}"),
    "group_inline": ("iam get-group-policy --group-name {name} --policy-name {policy} --query PolicyDocument",
                     "iam put-group-policy --group-name {name} --policy-name {policy} --policy-document file://{file}"),
    "managed": ("iam get-policy --policy-arn {arn}", "iam create-policy-version --policy-arn {arn} --set-as-default --policy-document file://{file}"),
    "trust": ("iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument",
              "iam update-assume-role-policy --role-name {name} --policy-document file://{file}"),
    "bucket": ("s3api get-bucket-policy --bucket {name} --query Policy --output text", "s3api put-bucket-policy --bucket {name} --policy file://{file}"),
    "topic": ("sns get-topic-attributes --topic-arn {arn} --query Attributes.Policy --output text",
              "sns set-topic-attributes --topic-arn {arn} --attribute-name Policy --attribute-value file://{file}"),
    "key": ("kms get-key-policy --key-id {name} --query Policy --output text", "kms put-key-policy --key-id {name} --policy file://{file}"),
    "secret": ("secretsmanager get-resource-policy --secret-id {arn}",
               "secretsmanager put-resource-policy --secret-id {arn} --resource-policy file://{file}"),
    "repository": ("ecr get-repository-policy --repository-name {name} --query policyText --output text",
                   "ecr set-repository-policy --repository-name {name} --policy-text file://{file}"),
    "table": ("dynamodb get-resource-policy --resource-arn {arn} --query Policy --output text",
              "dynamodb put-resource-policy --resource-arn {arn} --policy file://{file}"),
    "function": ("lambda get-policy --function-name {arn}", "lambda put-resource-policy --resource-arn {arn} --policy file://{file}"),
    "endpoint": ("ec2 describe-vpc-endpoints --vpc-endpoint-ids {name}",
                 "ec2 modify-vpc-endpoint --vpc-endpoint-id {name} --policy-document file://{file}"),
    "organization": ("organizations describe-policy --policy-id {identifier}",
                     "organizations update-policy --policy-id {identifier} --content file://{file}"),
}  # fmt: skip


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the fix as a shell script that stops at the first failure."""
    lines = ["#!/bin/sh", "set -eu", *(f"# {line}" for line in shape.heading(fix))]
    for number, one in enumerate(shape.shapes(fix, scenario), 1):
        lines += ["", *_document(one, number)]
    for edit in shape.settings(fix):
        lines += ["", *_setting(edit)]
    return "\n".join(lines) + "\n"


def _document(one: Shape, number: int) -> Iterator[str]:
    if one.edit.after is None:
        yield f"# then take the policy {one.policy} off {one.edit.target} (aws iam detach-user-policy or detach-role-policy)"
        return
    file = f"policy-{number}.json"
    yield f"cat > {file} <<'POLICY'"
    yield write.dump(one.edit.after)
    yield "POLICY"
    if one.kind == "queue":
        yield from _queue(one, number, file)
        return
    if one.kind not in COMMANDS:
        yield f"# give {file} with the call that makes the session, or in the console of its service: no command writes it"
        return
    read, written = (
        c.format(name=_word(one.name), policy=_word(one.policy), arn=_word(one.arn), identifier=_word(one.identifier), file=file)
        for c in COMMANDS[one.kind]
    )
    region = f" --region {one.region}" if one.region else ""
    if not one.new:
        yield f"aws {read}{region} > before-{number}.json"
    yield f"aws {written}{region}"


def _queue(one: Shape, number: int, file: str) -> Iterator[str]:
    """Write the policy as SQS takes it, in a file of attributes.

    https://docs.aws.amazon.com/cli/latest/reference/sqs/set-queue-attributes.html
    """
    url = f"--region {one.region} --queue-url {_word(one.queue_url)}"
    if not one.new:
        yield f"aws sqs get-queue-attributes {url} --attribute-names Policy > before-{number}.json"
    yield f"python3 -c \"import json; print(json.dumps(dict(Policy=open('{file}').read())))\" > attributes-{number}.json"
    yield f"aws sqs set-queue-attributes {url} --attributes file://attributes-{number}.json"


def _setting(edit: SettingEdit) -> Iterator[str]:
    bucket = _word(edit.target.rpartition(":")[2])
    after = edit.after or {}
    if edit.operation == "s3:PutPublicAccessBlock":
        held = after.get("PublicAccessBlockConfiguration") or {}
        told = ",".join(f"{k}={str(v).lower()}" for k, v in held.items())
        yield f"aws s3api get-public-access-block --bucket {bucket} > before-public-access.json"
        yield f"aws s3api put-public-access-block --bucket {bucket} --public-access-block-configuration {told}"
    elif edit.operation == "s3:PutBucketOwnershipControls":
        value = after["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        yield f"aws s3api put-bucket-ownership-controls --bucket {bucket} --ownership-controls 'Rules=[{{ObjectOwnership={value}}}]'"
    else:
        yield f"# call {edit.operation} on {edit.target} with:"
        yield from (f"# {line}" for line in write.dump(edit.after).splitlines())


def _word(text: str) -> str:
    """Give a text as one word of the shell."""
    safe = text and all(c.isalnum() or c in "-_./:@=+" for c in text)
    return text if safe else "'" + text.replace("'", "'\\''") + "'"
