"""A line of S3's server access log that tells of a refusal: who asked for what, from where, and the error's code."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from undeny.denial.found import Facts, Found, Passage, cased

NEEDS = ("rest.", "website.get.", "batch.delete.")
SOURCE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html"
PATTERN = (
    r"(?:^|(?<=\n))(?:[0-9a-f]{64}|-|\S{4,80}) (?P<bucket>[a-z0-9.-]{3,63}) \[(?P<time>[^\]\n]{10,40})\] (?P<source_ip>\S+) "
    r"(?P<requester>\S+) (?P<request_id>[A-Z0-9]+) (?P<call>(?:REST|WEBSITE|BATCH|S3)\.[A-Z]+\.[A-Z_]+) (?P<key>\S+) "
    r"(?:\"[^\"\n]*\"|-) (?P<http_status>[45]\d\d) (?P<error_code>[A-Za-z]+)(?P<rest>[^\n]*)"
)
REST = r"(?:\S+ ){4}(?:\"[^\"\n]*\"|-) (?:\"(?P<agent>[^\"\n]*)\"|-) \S+ (?P<host_id>\S+)(?: (?:\S+ ){3}(?P<host>\S+))?"
EXAMPLES = {
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be logs [06/Feb/2026:00:00:38 +0000] 192.0.2.3 "
    "arn:aws:sts::111122223333:assumed-role/App/s 3E57427F3EXAMPLE REST.GET.OBJECT a/k%2520one.txt "
    '"GET /logs/a/k%2520one.txt HTTP/1.1" 403 AccessDenied 243 - 7 - "-" "aws-cli/2.1" - s9lzHYrFp76ZVxRcpX9= SigV4 '
    "ECDHE-RSA-AES128-GCM-SHA256 AuthHeader logs.s3.us-west-1.amazonaws.com TLSV1.2 - -": {
        "error_code": "AccessDenied",
        "http_status": 403,
        "principal": "arn:aws:sts::111122223333:assumed-role/App/s",
        "resource": "arn:aws:s3:::logs/a/k one.txt",
        "operation": "GetObject",
        "request_id": "3E57427F3EXAMPLE",
        "host_id": "s9lzHYrFp76ZVxRcpX9=",
        "source_ip": "192.0.2.3",
        "region": "us-west-1",
    },
}
_OPERATIONS: Mapping[str, str] = {
    "GET.OBJECT": "GetObject", "HEAD.OBJECT": "HeadObject", "PUT.OBJECT": "PutObject", "DELETE.OBJECT": "DeleteObject",
    "COPY.OBJECT": "CopyObject", "GET.BUCKET": "ListObjectsV2", "HEAD.BUCKET": "HeadBucket", "PUT.BUCKET": "CreateBucket",
    "DELETE.BUCKET": "DeleteBucket", "PUT.PART": "UploadPart", "POST.UPLOADS": "CreateMultipartUpload",
    "POST.UPLOAD": "CompleteMultipartUpload",
    "DELETE.UPLOAD": "AbortMultipartUpload", "GET.UPLOADS": "ListMultipartUploads", "POST.MULTI_OBJECT_DELETE": "DeleteObjects",
    "GET.BUCKETPOLICY": "GetBucketPolicy", "PUT.BUCKETPOLICY": "PutBucketPolicy", "GET.VERSIONING": "GetBucketVersioning",
    "GET.LOCATION": "GetBucketLocation", "GET.ENCRYPTION": "GetBucketEncryption", "GET.OBJECT_TAGGING": "GetObjectTagging",
}  # fmt: skip
"""Operations by method and type of resource, of which the log format's page names the scheme."""


def find(passage: Passage) -> Iterator[Found]:
    """Find each line whose request failed."""
    for match in cased(PATTERN, passage):
        bucket, key, requester = match.group("bucket", "key", "requester")
        told: Facts = {name: match.group(name) for name in ("source_ip", "request_id", "http_status", "error_code")}
        told["operation"] = _OPERATIONS.get(match.group("call").partition(".")[2])
        told["resource"] = f"arn:aws:s3:::{bucket}" + ("" if key == "-" else f"/{unquote(unquote(key))}")
        told["principal"] = "anonymous" if requester == "-" else requester if requester.startswith("arn:") else None
        told["event_time"], told["service"] = match.group("time"), "s3"
        rest = next(cased(REST, Passage(match.group("rest").lstrip(), "")), None)
        for name, field in (("agent", "user_agent"), ("host_id", "host_id"), ("host", "endpoint_url")):
            told[field] = rest.group(name) if rest and rest.group(name) not in (None, "-") else None
        yield Found(match.start(), match.end(), {name: value for name, value in told.items() if value})
