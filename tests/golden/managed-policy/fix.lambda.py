"""allow s3:PutObject through the endpoint

Invoke it with {"apply": true} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.
"""
import json

import boto3
from botocore.exceptions import ClientError

REGION = 'us-east-1'
CHANGES = json.loads(r"""
[{"says": "policy AppS3 of App",
 "client": "iam",
 "read": "get_policy",
 "read_also": {},
 "write": "create_policy_version",
 "write_also": {"SetAsDefault":true},
 "thing": {"PolicyArn":"arn:aws:iam::111122223333:policy/AppS3"},
 "document": "PolicyDocument",
 "answer": "Policy.DefaultVersionId",
 "before": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]},
 "after": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"}]}}]
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
