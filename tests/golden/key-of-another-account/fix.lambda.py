"""allow role Reader kms:Decrypt, and kms:Decrypt behind it

Invoke it with {"apply": true} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.

Owner: 444455556666
"""
import json

import boto3
from botocore.exceptions import ClientError

REGION = 'eu-west-1'
CHANGES = json.loads(r"""
[{"says": "policy undeny-kms-Decrypt of Reader",
 "client": "iam",
 "read": "get_role_policy",
 "read_also": {},
 "write": "put_role_policy",
 "write_also": {},
 "thing": {"RoleName":"Reader","PolicyName":"undeny-kms-Decrypt"},
 "document": "PolicyDocument",
 "answer": "PolicyDocument",
 "before": null,
 "after": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}}]}},
{"says": "the policy of 1234abcd-12ab-34cd-56ef-1234567890ab",
 "client": "kms",
 "read": "get_key_policy",
 "read_also": {"PolicyName":"default"},
 "write": "put_key_policy",
 "write_also": {"PolicyName":"default"},
 "thing": {"KeyId":"1234abcd-12ab-34cd-56ef-1234567890ab"},
 "document": "Policy",
 "answer": "Policy",
 "before": {"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"kms:*","Resource":"*"}]},
 "after": {"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"kms:*","Resource":"*"},{"Sid":"undeny","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/Reader"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}}]}}]
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
