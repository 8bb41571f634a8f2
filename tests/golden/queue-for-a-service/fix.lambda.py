"""let service s3.amazonaws.com call sqs:SendMessage

Invoke it with {"apply": true} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.
"""
import json

import boto3
from botocore.exceptions import ClientError

REGION = 'us-west-2'
CHANGES = json.loads(r"""
[{"says": "the policy of imported-queue",
 "client": "sqs",
 "read": "get_queue_attributes",
 "read_also": {"AttributeNames":["Policy"]},
 "write": "set_queue_attributes",
 "write_also": {},
 "thing": {"QueueUrl":"https://sqs.us-west-2.amazonaws.com/111122223333/imported-queue"},
 "document": "Attributes.Policy",
 "answer": "Attributes.Policy",
 "before": null,
 "after": {"Version":"2012-10-17","Statement":[{"Sid":"undeny","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-west-2:111122223333:imported-queue","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::amzn-s3-demo-bucket"},"StringEquals":{"aws:SourceAccount":"111122223333"}}}]}}]
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
