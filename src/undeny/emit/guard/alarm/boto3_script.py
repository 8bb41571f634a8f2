"""The alarm as a boto3 script that shows its calls, and with `--apply` makes them."""

import textwrap
from typing import Any

from undeny.emit.guard.alarm import KEPT_DAYS, AlarmCode
from undeny.emit.guard.alarm import _calls as calls
from undeny.guard.event_pattern import STATE
from undeny.iam import write

NAME = "boto3"
SUFFIX = "py"
SOURCE = "https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/cloudwatch/client/put_metric_alarm.html"
SCRIPT = '''\
"""{title}

Without --apply it only shows the calls that it would make.
{notes}"""
import argparse
import json

import boto3

REGION = {region}
CALLS = json.loads(r"""
{calls}
""")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apply", action="store_true", help="make the calls; without this nothing is made")
    parser.add_argument("--region", default=REGION)
{arguments}    given = parser.parse_args()
    partition = boto3.session.Session().get_partition_for_region(given.region)
    account = boto3.client("sts", region_name=given.region).get_caller_identity()["Account"] if given.apply else "ACCOUNT"
    known = {{"@region": given.region, "@partition": partition, "@account": account, "@group": given.log_group}}
    for service, operation, parameters in CALLS:
        text = json.dumps(parameters)
        for name, value in known.items():
            text = text.replace(name, value)
        parameters = json.loads(text)
        if operation == "put_metric_alarm" and given.topic:
            parameters["AlarmActions"] = [given.topic]
        print(f"{{service}}:{{operation}} {{json.dumps(parameters, indent=2)}}")
        if not given.apply:
            continue
        client = boto3.client(service, region_name=given.region)
        try:
            getattr(client, operation)(**parameters)
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise
    print("made" if given.apply else "dry run: nothing was made; --apply makes it")


if __name__ == "__main__":
    main()
'''


def render(code: AlarmCode) -> str:
    """Write the script with an explicit Region."""
    notes = "".join(f"{line}\n" for note in code.says for line in textwrap.wrap(_plain(note), 110))
    group = f", default={code.log_group!r}" if code.log_group else ", required=True"
    about = "the log group that the trail writes to" if code.via == "logs" else "the log group that the rule writes to"
    group = group if code.via == "logs" else f", default={code.events_group!r}"
    arguments = [
        f'    parser.add_argument("--log-group"{group}, help="{about}")',
        f'    parser.add_argument("--topic", default={code.topic or ""!r}, help="ARN of an SNS topic that is told")',
    ]
    return SCRIPT.format(
        title=_plain(code.watch.title),
        notes=f"\n{notes}" if notes else "",
        region=repr(code.region),
        calls="[" + ",\n".join(write.minify(call) for call in _calls(code)) + "]",
        arguments="".join(f"{line}\n" for line in arguments),
    )


def _plain(text: str) -> str:
    """Give a text that can stand in the script's docstring."""
    return text.replace("\\", "/").replace('"""', "'''")


def _calls(code: AlarmCode) -> list[tuple[str, str, dict[str, Any]]]:
    name = code.watch.name
    made: list[tuple[str, str, dict[str, Any]]] = []
    if code.via == "events":
        group = "arn:@partition:logs:@region:@account:log-group:@group"
        rule = f"arn:@partition:events:@region:@account:rule/{name}"
        policy = write.minify(calls.writers(f"{group}:*", rule))
        pattern = write.minify(code.event_pattern)
        made = [
            ("logs", "create_log_group", {"logGroupName": "@group"}),
            ("logs", "put_retention_policy", {"logGroupName": "@group", "retentionInDays": KEPT_DAYS}),
            ("events", "put_rule", {"Name": name, "EventPattern": pattern, "State": STATE, "Description": code.watch.title[:512]}),
            ("logs", "put_resource_policy", {"policyName": name, "policyDocument": policy}),
            ("events", "put_targets", {"Rule": name, "Targets": [{"Id": "Events", "Arn": group}]}),
        ]
    held = {
        "logGroupName": "@group",
        "filterName": name,
        "filterPattern": code.filter_pattern,
        "metricTransformations": [calls.transformation(code)],
    }
    return [*made, ("logs", "put_metric_filter", held), ("cloudwatch", "put_metric_alarm", calls.alarm(code))]
