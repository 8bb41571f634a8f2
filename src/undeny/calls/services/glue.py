"""Glue: the roles of jobs, crawlers and sessions."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls.model import Request
from undeny.iam import arn as arns

SOURCE = "https://docs.aws.amazon.com/glue/latest/dg/configure-iam-for-glue.html"
ANCESTORS = "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html#data-catalog-resource-arns"
KEY_SOURCE = "https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html"
TAGGED = {
    "glue:CreateJob": "glue:TagResource",
    "glue:CreateCrawler": "glue:TagResource",
    "glue:CreateTrigger": "glue:TagResource",
    "glue:CreateWorkflow": "glue:TagResource",
    "glue:CreateDevEndpoint": "glue:TagResource",
    "glue:CreateConnection": "glue:TagResource",
    "glue:CreateDatabase": "glue:TagResource",
    "glue:CreateSession": "glue:TagResource",
}
PASSES = {
    "glue:CreateJob": (("role",), "glue.amazonaws.com"),
    "glue:UpdateJob": (("jobUpdate.role",), "glue.amazonaws.com"),
    "glue:CreateCrawler": (("role",), "glue.amazonaws.com"),
    "glue:UpdateCrawler": (("role",), "glue.amazonaws.com"),
    "glue:CreateDevEndpoint": (("roleArn",), "glue.amazonaws.com"),
    "glue:CreateMLTransform": (("role",), "glue.amazonaws.com"),
    "glue:UpdateMLTransform": (("role",), "glue.amazonaws.com"),
    "glue:CreateSession": (("role",), "glue.amazonaws.com"),
    "glue:StartDataQualityRuleRecommendationRun": (("role",), "glue.amazonaws.com"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the same action on what a table or database is in, and the request to KMS behind a Data Catalog that is encrypted."""
    if call.request.role == "main":
        yield from ancestors(call)
    yield from metadata(call)


def ancestors(call: Call) -> Iterator[Request]:
    """Give the action on the catalog and on the database: a thing in them needs permission on all of them."""
    parsed = arns.parse(call.request.resource)
    if parsed is None or parsed.resource_type not in {"table", "database", "userDefinedFunction"}:
        return
    reason = Reason("a thing in the Data Catalog needs permission on what it is in too", ANCESTORS)
    above = ["catalog"] if parsed.resource_type == "database" else ["catalog", f"database/{parsed.resource_id.partition('/')[0]}"]
    for name in above:
        yield beside(call, call.request.action, call.arn("glue", name, account=parsed.account), reason)


def metadata(call: Call) -> Iterator[Request]:
    """Give the request to KMS behind metadata of a Data Catalog that is encrypted."""
    name = call.request.action.partition(":")[2]
    if not any(noun in name for noun in ("Table", "Database", "Partition", "Connection", "UserDefinedFunction")):
        return
    catalog = call.arn("glue", "catalog", account=call.request.resource_account)
    settings = "DataCatalogEncryptionSettings.EncryptionAtRest."
    if catalog is None or call.fact(f"{settings}CatalogEncryptionMode", catalog) != "SSE-KMS":
        return
    key = call.fact(f"{settings}SseAwsKmsKeyId", catalog)
    reads = "Get" in name
    use = KeyUse(
        via="glue", key=str(key) if key is not None else "alias/aws/glue", actions=("Decrypt",) if reads else ("GenerateDataKey", "Decrypt")
    )
    yield from kms(call, use, Reason("Glue decrypts the Data Catalog's metadata for you", KEY_SOURCE))
