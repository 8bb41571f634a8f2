"""Whether a request was signed with the secret of its key: Signature Version 4, calculated again.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import msgspec
from moto.core.request import Request

from undeny.lab.model import Fault

_SIGNED = re.compile(r"Credential=[^/,\s]+/(\d{8})/([^/]+)/([^/]+)/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})")
_ONCE = ("s3", "s3-outposts", "s3express")
"""Services that encode a path once in the canonical request, not twice."""
_XML = ("s3", "iam", "sts", "sns")
"""Services that say `SignatureDoesNotMatch`; JSON services say `InvalidSignatureException`."""
_MISMATCH = "The request signature we calculated does not match the signature you provided."
_ADVICE = "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
LEEWAY = {"s3": timedelta(minutes=15)}
"""How far a clock may be off; five minutes but for S3."""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the `Authorization` header, or in a presigned address."""

    date: str
    region: str
    service: str
    headers: tuple[str, ...]
    value: str
    time: str
    presigned: bool = False


def read(request: Request) -> Signature | None:
    """Read the request's signature; `None` where it has none of version 4."""
    found = _SIGNED.search(request.headers.get("Authorization", ""))
    if found:
        date, region, service, headers, value = found.groups()
        time = request.headers.get("X-Amz-Date", "")
        return Signature(date=date, region=region, service=service, headers=tuple(headers.split(";")), value=value, time=time)
    query = request.args
    if not {"X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"} <= set(query):
        return None
    scope = query["X-Amz-Credential"].split("/")
    headers = tuple(query["X-Amz-SignedHeaders"].split(";"))
    told = {"date": scope[1], "region": scope[2], "service": scope[3], "headers": headers, "value": query["X-Amz-Signature"]}
    return Signature(**told, time=query["X-Amz-Date"], presigned=True)


def problem(request: Request, body: bytes, secret: str, now: datetime) -> Fault | None:
    """Say as AWS does what is wrong with the signature; `None` where nothing is."""
    signature = read(request)
    if signature is None:
        return _fault("", _MISMATCH)
    if late := _skew(request, signature, now):
        return late
    if hmac.compare_digest(calculated(request, body, secret, signature), signature.value):
        return None
    return _fault(signature.service, f"{_MISMATCH} {_ADVICE}")


def calculated(request: Request, body: bytes, secret: str, signature: Signature) -> str:
    """Calculate the signature that the key's secret makes."""
    scope = f"{signature.date}/{signature.region}/{signature.service}/aws4_request"
    digest = hashlib.sha256(_canonical(request, body, signature).encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{signature.time}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in (signature.date, signature.region, signature.service, "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def _canonical(request: Request, body: bytes, signature: Signature) -> str:
    path = request.raw_path if signature.service in _ONCE else quote(request.raw_path, safe="/~")
    pairs = [part.partition("=") for part in request.query_string.decode().split("&") if part]
    query = "&".join(f"{name}={value}" for name, _, value in sorted(pairs) if not name.startswith("X-Amz-Signature"))
    headers = "".join(f"{name}:{' '.join(str(request.headers.get(name, '')).split())}\n" for name in signature.headers)
    payload = request.headers.get("X-Amz-Content-SHA256") or (
        "UNSIGNED-PAYLOAD" if signature.presigned else hashlib.sha256(body).hexdigest()
    )
    return "\n".join([request.method, path, query, headers, ";".join(signature.headers), payload])


def _skew(request: Request, signature: Signature, now: datetime) -> Fault | None:
    """Say that a clock is wrong, or that a presigned address has run out."""
    try:
        sent = datetime.strptime(signature.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return _fault(signature.service, f"Date must be in ISO-8601 'basic format'. Got '{signature.time}'.")
    if signature.presigned:
        over = now > sent + timedelta(seconds=int(request.args.get("X-Amz-Expires", "3600")))
        return Fault(code="AccessDenied", status=403, message="Request has expired") if over else None
    leeway = LEEWAY.get(signature.service, timedelta(minutes=5))
    if abs(now - sent) <= leeway:
        return None
    if signature.service == "s3":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
        said = "The difference between the request time and the current time is too large."
        return Fault(code="RequestTimeTooSkewed", status=403, message=said)
    word, edge = ("expired", now - leeway) if sent < now else ("not yet current", now + leeway)
    sign, than = ("-", "earlier") if sent < now else ("+", "later")
    said = f"Signature {word}: {signature.time} is {'now' if sent < now else 'still'} {than} than {edge:%Y%m%dT%H%M%SZ}"
    return _fault(signature.service, f"{said} ({now:%Y%m%dT%H%M%SZ} {sign} {int(leeway.total_seconds()) // 60} min.)")


def _fault(service: str, message: str) -> Fault:
    if service == "ec2":
        return Fault(code="AuthFailure", status=401, message="AWS was not able to validate the provided access credentials")
    if service in _XML:
        return Fault(code="SignatureDoesNotMatch", status=403, message=message)
    return Fault(code="InvalidSignatureException", status=400, message=message)
