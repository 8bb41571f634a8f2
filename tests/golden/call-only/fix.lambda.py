"""send the encryption that the policy asks for

On an alarm it does this, and nothing else. It only tells what it would do unless APPLY is 1; it refuses where a policy is not what this
fix was made for, and after MAX_PER_HOUR changes in an hour. What it replaces is in the log and in the table first.

Change to the call, which no code of this kind makes: send `ServerSideEncryption=aws:kms` (`--sse aws:kms`)
"""
import json
import os
import time

import boto3
from botocore.exceptions import ClientError

REGION = 'us-east-1'
FIX = 'f-1'
CHANGES = json.loads(r"""
[]
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


def alarms(event):
    """Give the states of the alarms in an event: CloudWatch's own, EventBridge's, or SNS's around it."""
    records = event.get("Records") or []
    if records:
        return [json.loads(record["Sns"]["Message"]).get("NewStateValue") for record in records]
    held = event.get("alarmData") or event.get("detail") or {}
    return [(held.get("state") or {}).get("value")]


def claim(before):
    """Take one of the changes that an hour has; give False where all are taken. The write is conditional: two at once take two."""
    table = boto3.client("dynamodb", region_name=os.environ.get("AWS_REGION", REGION))
    now = int(time.time())
    for slot in range(int(os.environ.get("MAX_PER_HOUR", "3"))):
        values = {":now": {"N": str(now)}, ":ago": {"N": str(now - 3600)}, ":before": {"S": json.dumps(before)}}
        try:
            table.update_item(
                TableName=os.environ["TABLE"],
                Key={"fix": {"S": FIX}, "slot": {"N": str(slot)}},
                UpdateExpression="SET used_at = :now, what_was_there = :before",
                ConditionExpression="attribute_not_exists(used_at) OR used_at <= :ago",
                ExpressionAttributeValues=values,
            )
            return True
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
    return False


def carry_out(event):
    """Give the outcome, and what there is to say of it."""
    if "ALARM" not in alarms(event):
        return "ignored", {"why": "no alarm went off"}
    clients = {c["client"]: boto3.client(c["client"], region_name=REGION) for c in CHANGES}
    found = [current(clients[c["client"]], c) for c in CHANGES]
    for change, held in zip(CHANGES, found):
        if held not in (change["before"], change["after"]):
            return "refused", {"why": f"{change['says']} is not what this fix was made for", "found": found}
    todo = [c for c, held in zip(CHANGES, found) if held != c["after"]]
    if not todo:
        return "nothing_to_do", {"why": "it is in force already"}
    if os.environ.get("APPLY") != "1":
        return "dry_run", {"would": [[c["says"], c["write"], c["after"]] for c in todo], "found": found}
    if not claim(found):
        return "refused", {"why": "it was changed as often in the last hour as is allowed: somebody undoes it"}
    print(json.dumps({"fix": FIX, "before": found}))
    done = []
    for change in todo:
        parameters, *rest = change["document"].split(".")
        text = json.dumps(change["after"])
        value = {rest[0]: text} if rest else text
        try:
            getattr(clients[change["client"]], change["write"])(**change["thing"], **change["write_also"], **{parameters: value})
        except ClientError as error:
            return "failed", {"why": str(error), "done": done, "found": found}
        done.append(change["says"])
    return "applied", {"done": done, "found": found}


def handler(event, context):
    try:
        outcome, said = carry_out(event or {})
    except ClientError as error:
        outcome, said = "failed", {"why": str(error)}
    metric = {"Namespace": "undeny", "Dimensions": [[], ["Kind", "Outcome"]], "Metrics": [{"Name": "Remediations", "Unit": "Count"}]}
    line = {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]}, "Kind": "lambda", "Outcome": outcome}
    print(json.dumps({**line, "Remediations": int(outcome != "ignored"), "fix": FIX, **said}))
    return {"outcome": outcome, **said}
