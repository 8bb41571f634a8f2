"""A Lambda function that does one thing: tells what it would change, and for an event with `"apply": true` changes it."""

from collections.abc import Mapping
from typing import Any

from undeny.emit.iac import _shape as shape
from undeny.emit.iac.boto3_script import CURRENT, changes
from undeny.fix.model import Fix

NAME = "lambda"
SUFFIX = "lambda.py"
SOURCE = "https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"
FUNCTION = '''\
"""{title}

Invoke it with {{"apply": true}} to change it; any other event changes nothing and tells what it would do. The answer and the log hold
what was there before.
{notes}"""
import json

import boto3
from botocore.exceptions import ClientError

REGION = {region}
CHANGES = json.loads(r"""
{changes}
""")


{current}


def handler(event, context):
    clients, found = {{}}, []
    for change in CHANGES:
        client = clients.setdefault(change["client"], boto3.client(change["client"], region_name=REGION))
        found.append(current(client, change))
        if found[-1] not in (change["before"], change["after"]):
            return {{"changed": False, "stopped": "%s is not what this change was made for" % change["says"], "found": found}}
    if (event or {{}}).get("apply") is not True:
        return {{"changed": False, "would": [[c["says"], c["write"], c["after"]] for c in CHANGES], "found": found}}
    print(json.dumps({{"before": found}}))
    for change in CHANGES:
        parameters, *rest = change["document"].split(".")
        text = json.dumps(change["after"])
        value = {{rest[0]: text}} if rest else text
        call = getattr(clients[change["client"]], change["write"])
        call(**change["thing"], **change["write_also"], **{{parameters: value}})
    return {{"changed": True, "found": found}}
'''


def render(fix: Fix, scenario: Mapping[str, Any]) -> str:
    """Write the fix as a function with an explicit Region."""
    told = "".join(f"{line}\n" for line in shape.heading(fix)[1:]).replace("\\", "/").replace('"""', "'''")
    region = next((one.region for one in shape.shapes(fix, scenario) if one.region), "us-east-1")
    title = fix.title.replace("\\", "/").replace('"""', "'''")
    notes = f"\n{told}" if told else ""
    return FUNCTION.format(title=title, notes=notes, region=repr(region), changes=changes(fix, scenario), current=CURRENT)
