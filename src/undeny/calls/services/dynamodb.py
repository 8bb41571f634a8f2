"""DynamoDB: indexes, PartiQL, and the table's KMS key."""

from collections.abc import Iterator, Mapping
from typing import Any

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls._place import Place, dig, folded
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html"
CONTEXT = {
    "select": "dynamodb:Select", "returnValues": "dynamodb:ReturnValues", "returnConsumedCapacity": "dynamodb:ReturnConsumedCapacity",
    "attributesToGet": "dynamodb:Attributes",
}  # fmt: skip
TAGGED = {"dynamodb:CreateTable": "dynamodb:TagResource"}
PARTIQL = {
    "SELECT": "dynamodb:PartiQLSelect",
    "INSERT": "dynamodb:PartiQLInsert",
    "UPDATE": "dynamodb:PartiQLUpdate",
    "DELETE": "dynamodb:PartiQLDelete",
}
KEYS = {
    f"dynamodb:{name}": ("Decrypt",)
    for name in (
        "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "GetRecords", "PutItem", "Query", "Scan",
        "UpdateItem", "PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete",
    )
}  # fmt: skip
KEY_FACTS = ("SSEDescription.KMSMasterKeyArn", "Table.SSEDescription.KMSMasterKeyArn")
KEY_WHY = "DynamoDB decrypts the table with its key"
KEY_SOURCE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html"
LINKED_SOURCE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "dynamodb:CreateGlobalTable": ("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"),
    "dynamodb:CreateTableReplica": ("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication"),
}


def actions(operation: str, parameters: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Give the PartiQL action of a statement by its first word."""
    if operation not in {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}:
        return None
    statements = [text for path in ("statement", "statements.statement", "transactStatements.statement") for text in dig(parameters, path)]
    found = [PARTIQL.get(str(text).lstrip().partition(" ")[0].upper()) for text in statements]
    return tuple(dict.fromkeys(action for action in found if action is not None)) or None


def resource(action: str, parameters: Mapping[str, Any], place: Place) -> str | None:
    """Build the ARN of a table or of the index that is queried; a batch gives its first table."""
    names = folded(parameters)
    table, index = names.get("tablename"), names.get("indexname")
    requested = names.get("requestitems")
    if table is None and isinstance(requested, Mapping):
        table = next(iter(requested), None)
    if not isinstance(table, str):
        return None
    suffix = f"/index/{index}" if isinstance(index, str) and action in {"dynamodb:Query", "dynamodb:Scan"} else ""
    if table.startswith("arn:"):
        return table + suffix
    if place.region is None or place.account is None:
        return None
    return f"arn:{place.partition}:dynamodb:{place.region}:{place.account}:table/{table}{suffix}"


def holder(call: Call) -> str:
    """Give the ARN of the table whose key it is, for an index or a stream too."""
    return call.request.resource.partition("/index/")[0].partition("/stream/")[0]


def hidden(call: Call) -> Iterator[Request]:
    """Give the other tables of a batch, and what a new table with a key of its own needs."""
    requested = folded(call.request.parameters).get("requestitems")
    if call.request.role == "main" and isinstance(requested, Mapping):
        for table in requested:
            arn = resource(call.request.action, {"tableName": table}, call.place)
            if arn is not None and arn != call.request.resource:
                yield beside(call, call.request.action, arn, Reason("the batch works on this table too", SOURCE))
    key = call.fact("SSESpecification.KMSMasterKeyId")
    untold = call.request.action == "dynamodb:CreateTable" and not call.request.parameters
    if untold or (call.request.action in {"dynamodb:CreateTable", "dynamodb:UpdateTable"} and isinstance(key, str)):
        why = "DynamoDB takes a grant on the table's key" + (", if the call names one" if untold else "")
        use = KeyUse(via="dynamodb", key=None if untold else key, actions=("DescribeKey", "CreateGrant"))
        yield from kms(call, use, Reason(why, KEY_SOURCE, not untold))
