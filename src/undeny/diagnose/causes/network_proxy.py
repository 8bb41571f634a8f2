"""A proxy stands between, or breaks the TLS."""

from undeny.diagnose import weights
from undeny.diagnose.info import CauseInfo
from undeny.diagnose.model import Case, Cause
from undeny.diagnose.signs import Sign, read

NEEDS = ("ssl", "tls", "certificat", "proxy", "x509", "pkix", "wrong version", "eof occurred", "issuer", "signed_cert", "tunnel connection")
INFO = CauseInfo(
    code="network-proxy",
    bucket="network",
    title="a proxy stands between, or its certificate is not trusted",
    text="""A proxy refuses the connection, wants to be logged in to, or opens the TLS connection with a certificate of its own that
the SDK does not trust. A proxy can also forge a 403: AWS's has a request id.

Signs: "SSL validation failed", CERTIFICATE_VERIFY_FAILED, "Failed to connect to proxy URL", 407, an HTML page as the answer.

Mends it: AWS_CA_BUNDLE with the proxy's certificate, HTTPS_PROXY and NO_PROXY (169.254.169.254, the VPC's endpoints).

Does not: any policy; switching verification off.""",
    source="https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html",
    example="SSL validation failed for https://s3.us-east-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
    "self-signed certificate in certificate chain",
    related=("network-unreachable", "network-dns"),
)
SIGNS = (
    Sign(
        says="a proxy opens the connection: its certificate is not trusted here",
        words=(
            "ssl validation failed", "certificate_verify_failed", "certificate verify failed", "self signed certificate",
            "self-signed certificate", "unable to get local issuer", "x509: certificate", "sslerror", "pkix path building failed",
            "sslhandshakeexception", "unable to find valid certification path", "certificate signed by unknown authority",
            "unable to verify the first certificate", "certificate's altnames", "hostname mismatch, certificate",
            "self_signed_cert_in_chain", "unable_to_get_issuer_cert",
        ),
        weight=weights.BEFORE_POLICY + 4,
    ),
    Sign(
        says="the proxy on the way does not let it through",
        words=(
            "proxy url", "proxyconnectionerror", "proxy error", "proxyerror", "407 proxy", "proxy authentication required",
            "tunnel connection failed", "unable to tunnel through proxy", "proxyconnect", "cannot connect to proxy", "through proxy",
        ),
        weight=weights.BEFORE_POLICY + 4,
        certainty="stated",
    ),
    Sign(
        says="the TLS connection was not made: a proxy may stand between",
        words=(
            "eof occurred in violation of protocol", "ssl connection error", "tls handshake", "ssl: wrong_version_number",
            "wrong version number",
        ),
        weight=weights.BEFORE_POLICY + 1.5,
    ),
)  # fmt: skip


def look(case: Case) -> Cause | None:
    """By the wording."""
    return read(case, INFO.code, SIGNS)
