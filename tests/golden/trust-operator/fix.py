#!/usr/bin/env python3
"""correct statement 1 of the policy of role deploy: StringLike reads the wildcard

Without --apply it only shows what it would do. With it, what is there is saved beside this script first.
"""
import argparse
import json
import pathlib
import sys

import boto3
from botocore.exceptions import ClientError

REGION = 'us-east-1'
CHANGES = json.loads(r"""
[{"says": "the policy of deploy",
 "client": "iam",
 "read": "get_role",
 "read_also": {},
 "write": "update_assume_role_policy",
 "write_also": {},
 "thing": {"RoleName":"deploy"},
 "document": "PolicyDocument",
 "answer": "Role.AssumeRolePolicyDocument",
 "before": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:org/app:*"}}}]},
 "after": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:org/app:*"}}}]}}]
""")


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
    return json.loads(answer) if isinstance(answer, str) else answer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply", action="store_true", help="change it; without this nothing is changed")
    parser.add_argument("--region", default=REGION)
    given = parser.parse_args()
    clients, found = {}, []
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
        value = {rest[0]: text} if rest else text
        call = getattr(clients[change["client"]], change["write"])
        call(**change["thing"], **change["write_also"], **{parameters: value})
        print("changed: %s" % change["says"])


if __name__ == "__main__":
    main()
