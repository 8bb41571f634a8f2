"""Redshift Data API: credentials for the database, got with the caller's permissions."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, behind
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html"
RUNS = frozenset(
    {"redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement", "redshift-data:ListTables", "redshift-data:DescribeTable"}
)


def hidden(call: Call) -> Iterator[Request]:
    """Give the request for credentials: a secret, a workgroup's, a cluster's for a database user or for the caller."""
    if call.request.action not in RUNS:
        return
    reason = Reason("the Data API gets credentials for the database with your permissions", SOURCE)
    secret, user, cluster = call.fact("secretArn"), call.fact("dbUser"), call.fact("clusterIdentifier")
    if isinstance(secret, str):
        yield behind(call, "secretsmanager:GetSecretValue", secret, reason)
    elif isinstance(call.fact("workgroupName"), str):
        yield behind(call, "redshift-serverless:GetCredentials", None, reason)
    elif isinstance(user, str) and isinstance(cluster, str):
        arn = call.arn("redshift", f"dbuser:{cluster}/{user}")
        yield behind(call, "redshift:GetClusterCredentials", arn, reason)
    elif not call.request.parameters:
        either = Reason("the Data API gets credentials for the database with your permissions, one way or the other", SOURCE, certain=False)
        for action in ("redshift-serverless:GetCredentials", "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM"):
            yield behind(call, action, None, either)
    elif isinstance(cluster, str):
        arn = call.arn("redshift", f"dbname:{cluster}/{call.fact('database')}")
        yield behind(call, "redshift:GetClusterCredentialsWithIAM", arn, reason)
