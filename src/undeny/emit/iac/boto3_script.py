"""A boto3 script that does one thing: shows what it would change, and with `--apply` saves what is there and changes it."""

import textwrap
from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac._shape import Shape
from undeny.fix.model import Fix, SettingEdit
from undeny.iam import write

NAME = "boto3"
SUFFIX = "py"
SOURCE = "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/quickstart.html"
OPERATIONS: Mapping[str, tuple[str, str, str, dict[str, str], str, str]] = {
    # kind: client, read, write, parameters that name the thing, parameter of the document, where the answer has it
    "role_inline": (
        "iam", "get_role_policy", "put_role_policy", {"RoleName": "{name}", "PolicyName": "{policy}"}, "PolicyDocument", "PolicyDocument",
    ),
    "user_inline": (
        "iam", "get_user_policy", "put_user_policy", {"UserName": "{name}", "PolicyName": "{policy}"}, "PolicyDocument", "PolicyDocument",
    ),
    "group_inline": (
        "iam", "get_group_policy", "put_group_policy", {"GroupName": "{name}", "PolicyName": "{policy}"},
        "PolicyDocument", "PolicyDocument",
    ),
    "trust": ("iam", "get_role", "update_assume_role_policy", {"RoleName": "{name}"}, "PolicyDocument", "Role.AssumeRolePolicyDocument"),
    "bucket": ("s3", "get_bucket_policy", "put_bucket_policy", {"Bucket": "{name}"}, "Policy", "Policy"),
    "queue": ("sqs", "get_queue_attributes", "set_queue_attributes", {"QueueUrl": "{url}"}, "Attributes.Policy", "Attributes.Policy"),
    "topic": ("sns", "get_topic_attributes", "set_topic_attributes", {"TopicArn": "{arn}"}, "AttributeValue", "Attributes.Policy"),
    "key": ("kms", "get_key_policy", "put_key_policy", {"KeyId": "{name}"}, "Policy", "Policy"),
    "secret": ("secretsmanager", "get_resource_policy", "put_resource_policy", {"SecretId": "{arn}"}, "ResourcePolicy", "ResourcePolicy"),
    "repository": ("ecr", "get_repository_policy", "set_repository_policy", {"repositoryName": "{name}"}, "policyText", "policyText"),
    "table": ("dynamodb", "get_resource_policy", "put_resource_policy", {"ResourceArn": "{arn}"}, "Policy", "Policy"),
    "function": ("lambda", "get_resource_policy", "put_resource_policy", {"ResourceArn": "{arn}"}, "Policy", "Policy"),
    "organization": ("organizations", "describe_policy", "update_policy", {"PolicyId": "{identifier}"}, "Content", "Policy.Content"),
    "managed": ("iam", "get_policy", "create_policy_version", {"PolicyArn": "{arn}"}, "PolicyDocument", "Policy.DefaultVersionId"),
}  # fmt: skip
ALSO: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # kind: more parameters of the read, more parameters of the write
    "key": ({"PolicyName": "default"}, {"PolicyName": "default"}),
    "queue": ({"AttributeNames": ["Policy"]}, {}),
    "topic": ({}, {"AttributeName": "Policy"}),
    "managed": ({}, {"SetAsDefault": True}),
}
CURRENT = '''\
def current(client, change):
    """Give the document that is there, None for none."""
    try:
        answer = getattr(client, change["read"])(**change["thing"], **change["read_also"])
    except ClientError as error:
        if "NoSuch" in error.response["Error"]["Code"] or "NotFound" in error.response["Error"]["Code"]:
            return None
        raise
    for name in change["answer"].split("."):
        answer = answer.get(name) if answer else None
    if change["answer"] == "Policy.DefaultVersionId":
        version = client.get_policy_version(**change["thing"], VersionId=answer)
        answer = version["PolicyVersion"]["Document"]
    return json.loads(answer) if isinstance(answer, str) else answer'''
"""Reads the document that is there: part of every script that changes one."""
SCRIPT = '''\
#!/usr/bin/env python3
"""{title}

Without --apply it only shows what it would do. With it, what is there is saved beside this script first.
{notes}"""
import argparse
import json
import pathlib
import sys

import boto3
from botocore.exceptions import ClientError

REGION = {region}
CHANGES = json.loads(r"""
{changes}
""")


{current}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply", action="store_true", help="change it; without this nothing is changed")
    parser.add_argument("--region", default=REGION)
    given = parser.parse_args()
    clients, found = {{}}, []
    for change in CHANGES:
        client = clients.setdefault(change["client"], boto3.client(change["client"], region_name=given.region))
        found.append(current(client, change))
        if found[-1] not in (change["before"], change["after"]):
            sys.exit("%s is not what this change was made for: nothing was changed" % change["says"])
        if change["write"] == "create_policy_version" and found[-1] != change["after"]:
            pages = client.get_paginator("list_policy_versions").paginate(**change["thing"])
            if sum(len(page["Versions"]) for page in pages) >= 5:  # IAM keeps no more
                sys.exit("%s has five versions: delete one that is not the default first" % change["says"])
    left = [(c, f) for c, f in zip(CHANGES, found) if f != c["after"]]
    for change, _ in left:
        print("%s: %s %s" % (change["says"], change["write"], json.dumps(change["thing"])))
        print(json.dumps(change["after"], indent=2))
    if not left or not given.apply:
        print("dry run: nothing was changed; --apply changes it" if left else "it is so already: nothing was changed")
        return
    saved = pathlib.Path(__file__).with_suffix(".before.json")
    while saved.exists():
        saved = saved.with_name("again-" + saved.name)
    saved.write_text(json.dumps([dict(c, found=f) for c, f in left], indent=2))
    print("saved what was there in %s" % saved)
    for change, _ in left:
        parameters, *rest = change["document"].split(".")
        text = json.dumps(change["after"])
        value = {{rest[0]: text}} if rest else text
        call = getattr(clients[change["client"]], change["write"])
        call(**change["thing"], **change["write_also"], **{{parameters: value}})
        print("changed: %s" % change["says"])


if __name__ == "__main__":
    main()
'''


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the fix as a script with an explicit Region. What has no such call stands in its docstring."""
    held = shape.shapes(fix, scenario)
    notes = [*shape.heading(fix)[1:]]
    notes += [f"Not in this script: {_left(one)}" for one in held if one.kind not in OPERATIONS or one.edit.after is None]
    notes += [f"Not in this script: {_told(edit)}" for edit in shape.settings(fix)]
    region = next((one.region for one in held if one.region), "us-east-1")
    told = "".join(f"{line}\n" for note in notes for line in textwrap.wrap(_plain(note), 110))
    return SCRIPT.format(
        current=CURRENT,
        title=_plain(fix.title),
        notes=f"\n{told}" if told else "",
        region=repr(region),
        changes=changes(fix, scenario),
    )


def changes(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the changes that a script makes as JSON, one line a field."""
    held = shape.shapes(fix, scenario)
    return _compact([_change(one) for one in held if one.kind in OPERATIONS and one.edit.after is not None])


def _change(one: Shape) -> dict[str, Any]:
    client, read, written, thing, document, answer = OPERATIONS[one.kind]
    read_also, write_also = ALSO.get(one.kind, ({}, {}))
    filled = {k: v.format(**one.names()) for k, v in thing.items()}
    return {
        "says": f"policy {one.policy} of {one.name}" if one.policy else f"the policy of {one.name}",
        "client": client, "read": read, "read_also": read_also, "write": written, "write_also": write_also, "thing": filled,
        "document": document, "answer": answer, "before": one.edit.before, "after": one.edit.after,
    }  # fmt: skip


def _compact(changes: list[dict[str, Any]]) -> str:
    """Write the changes with one line a field: the script stays short, and each document can be seen whole."""
    return "[" + ",\n".join("{" + ",\n ".join(f"{write.dump(k)}: {write.minify(v)}" for k, v in c.items()) + "}" for c in changes) + "]"


def _plain(text: str) -> str:
    """Give a text that can stand in the script's docstring."""
    return text.replace("\\", "/").replace('"""', "'''")


def _left(one: Shape) -> str:
    verb = "detach or delete" if one.edit.after is None else "write"
    return f"{verb} the policy {one.policy or ''} of {one.edit.target}"


def _told(edit: SettingEdit) -> str:
    return f"{edit.operation} on {edit.target} with {write.minify(edit.after)}"
