"""What a query of CloudWatch Logs Insights gives: rows of fields with values, the whole message in one of them."""

from collections.abc import Iterator, Mapping
from typing import Any

SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html"
EXAMPLES = (
    {
        "status": "Complete",
        "results": [
            [{"field": "@message", "value": '{"eventName":"CreateUser","eventSource":"iam.amazonaws.com","errorCode":"AccessDenied"}'}]
        ],
    },
)


def fits(value: Mapping[str, Any]) -> bool:
    """Know it by its rows of fields."""
    rows = value.get("results")
    return isinstance(rows, list | tuple) and any(_is_row(row) for row in rows)


def read(value: Mapping[str, Any]) -> Iterator[Any]:
    """Give each row's message, else the row itself as an event."""
    for row in filter(_is_row, value["results"]):
        cells = [cell for cell in row if isinstance(cell, Mapping)]
        named = {str(cell.get("field")).rpartition(".")[2]: cell.get("value") for cell in cells}
        message = named.get("@message")
        yield message if isinstance(message, str) else named if "eventName" in named or "errorCode" in named else None


def _is_row(row: object) -> bool:
    return isinstance(row, list | tuple) and any(isinstance(cell, Mapping) and "field" in cell for cell in row)
