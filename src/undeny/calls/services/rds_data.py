"""RDS Data API: the secret with the database's password is read with the caller's permissions."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, behind
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html"
RUNS = frozenset({
    "rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement", "rds-data:BeginTransaction", "rds-data:CommitTransaction",
    "rds-data:RollbackTransaction", "rds-data:ExecuteSql",
})  # fmt: skip


def hidden(call: Call) -> Iterator[Request]:
    """Give the read of the secret that the call names."""
    secret = call.fact("secretArn") or call.fact("awsSecretStoreArn")
    if call.request.action in RUNS and isinstance(secret, str):
        yield behind(call, "secretsmanager:GetSecretValue", secret, Reason("the Data API reads the database's password for you", SOURCE))
