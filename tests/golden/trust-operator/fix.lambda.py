"""correct statement 1 of the policy of role deploy: StringLike reads the wildcard

Invoke it with {"apply": true} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.
"""
import json

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


def handler(event, context):
    clients, found = {}, []
    for change in CHANGES:
        client = clients.setdefault(change["client"], boto3.client(change["client"], region_name=REGION))
        found.append(current(client, change))
        if found[-1] not in (change["before"], change["after"]):
            return {"changed": False, "stopped": "%s is not what this change was made for" % change["says"], "found": found}
    if (event or {}).get("apply") is not True:
        return {"changed": False, "would": [[c["says"], c["write"], c["after"]] for c in CHANGES], "found": found}
    print(json.dumps({"before": found}))
    for change in CHANGES:
        parameters, *rest = change["document"].split(".")
        text = json.dumps(change["after"])
        value = {rest[0]: text} if rest else text
        call = getattr(clients[change["client"]], change["write"])
        call(**change["thing"], **change["write_also"], **{parameters: value})
    return {"changed": True, "found": found}
