"""correct statement 2 of Home: its Resource covers this ARN too

Invoke it with {"apply": true} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.

Risk: s3:ListBucket on the bucket shows the names of all objects
"""
import json

import boto3
from botocore.exceptions import ClientError

REGION = 'us-east-1'
CHANGES = json.loads(r"""
[{"says": "policy Home of ana",
 "client": "iam",
 "read": "get_user_policy",
 "read_also": {},
 "write": "put_user_policy",
 "write_also": {},
 "thing": {"UserName":"ana","PolicyName":"Home"},
 "document": "PolicyDocument",
 "answer": "PolicyDocument",
 "before": {"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"},{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::home/*"}]},
 "after": {"Version":"2012-10-17","Statement":[{"Sid":"Own","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::home/${aws:username}/*"},{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::home/*","arn:aws:s3:::home"]}]}}]
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
