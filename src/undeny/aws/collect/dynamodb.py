"""DynamoDB: a table's policy and its key."""

from collections.abc import Iterator

from undeny.aws.keys import plain
from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "dynamodb"
_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_"
PERMISSIONS = {
    "dynamodb:GetResourcePolicy": ("the table's policy", f"{_API}GetResourcePolicy.html"),
    "dynamodb:DescribeTable": ("the table's key", f"{_API}DescribeTable.html"),
}
ACCOUNT_PERMISSIONS = {
    "dynamodb:ListTables": ("the account's tables", f"{_API}ListTables.html"),
}
_KEPT = ("TableName", "TableStatus", "SSEDescription", "CreationDateTime")
_NOT_FOUND = "ResourceNotFoundException"


def thing(arn: Arn) -> str | None:
    """Give the table of a table, index or stream."""
    parts = arn.resource.split("/")
    if parts[0] != "table" or len(parts) < 2 or "*" in parts[1]:
        return None
    return str(
        Arn(partition=arn.partition, service_prefix="dynamodb", region=arn.region, account=arn.account, resource="/".join(parts[:2]))
    )


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a table."""
    text, region = str(arn), arn.region
    found = reader.call(
        "dynamodb",
        "describe_table",
        action="dynamodb:DescribeTable",
        what=f"key of {text}",
        none=(_NOT_FOUND,),
        region=region,
        TableName=text,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    settings = {key: plain(found["Table"][key]) for key in _KEPT if key in found["Table"]} if isinstance(found, dict) else {}
    what, none = f"resource policy of {text}", ("PolicyNotFoundException", _NOT_FOUND)
    answer = reader.call(
        "dynamodb", "get_resource_policy", action="dynamodb:GetResourcePolicy", what=what, none=none, region=region, ResourceArn=text
    )
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer, settings=settings, exists=True if settings else None)
    policy = reader.policy("table policy", answer["Policy"], attached_to=text) if answer and answer.get("Policy") else None
    return Resource(arn=text, policy=policy, settings=settings, exists=True if settings else None)


def every(reader: Reader) -> Iterator[Arn]:
    """List the tables of the reader's account and Region."""
    answer = reader.call("dynamodb", "list_tables", action="dynamodb:ListTables", what="the account's tables")
    for one in answer.get("TableNames", ()) if isinstance(answer, dict) else ():
        arn = Arn.parse(f"arn:{reader.partition}:dynamodb:{reader.region}:{reader.me.account}:table/{one}")
        if arn is not None:
            yield arn
