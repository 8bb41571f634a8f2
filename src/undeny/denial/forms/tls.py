"""The TLS certificate of the endpoint was not accepted: usually a proxy that looks into the traffic."""

from collections.abc import Iterator

from undeny.denial.found import Found, Passage, matches

NEEDS = ("ssl validation", "certificate", "pkix path")
SOURCE = "https://github.com/boto/botocore/blob/develop/botocore/exceptions.py"
PATTERN = (
    r"ssl validation failed for (?P<endpoint_url>\S+)[^\n<]{0,300}|(?<!\] )certificate verify failed[^\n<]{0,100}|x509: "
    r"certificate signed by unknown authority|(?<!failed: )(?:unable to get local issuer certificate|self[- ]signed "
    r"certificate(?: in certificate chain)?)|pkix path building failed[^\n<]{0,120}"
)
EXAMPLES = {
    "SSL validation failed for https://s3.us-east-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify "
    "failed: self-signed certificate in certificate chain": {
        "endpoint_url": "https://s3.us-east-1.amazonaws.com/",
        "region": "us-east-1",
    }
}


def find(passage: Passage) -> Iterator[Found]:
    """Read each occurrence."""
    return matches(PATTERN, passage)
