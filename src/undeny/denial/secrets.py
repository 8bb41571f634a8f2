r"""Masks what nobody may keep: keys, tokens, signatures. Runs over every text before anything of it is kept.

Access key ids stay: they are no secrets, and AWS Support asks for them.
https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

>>> mask("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY aws s3 ls")
'AWS_SECRET_ACCESS_KEY=*** aws s3 ls'
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

MASK = "***"
_LABEL = re.compile(
    r"secret_?access_?key|aws_?secret_?key|secret_?key$|session_?token|security_?token|web_?identity_?token|saml_?assertion"
    r"|^authorization$|^password$"
    r"|private_?key$|^access_?token$|^id_?token$|^refresh_?token$|^client_?secret$|x-amz-security-token|x-amz-signature",
    re.IGNORECASE,
)
_TOKENS = ("FwoGZXIvYXdz", "FQoGZXIvYXdz", "IQoJb3JpZ2lu", "AQoDYXdz", "AQoEXAMPLE")
"""How session tokens begin: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"""
_LABELS = (
    "access_key", "access-key", "accesskey", "secret_key", "secret-key", "secretkey", "session_token", "session-token",
    "sessiontoken", "security_token", "security-token", "securitytoken", "identity_token", "identity-token", "identitytoken",
    "assertion", "access_token", "access-token", "accesstoken", "id_token", "id-token", "idtoken", "refresh_token",
    "refresh-token", "refreshtoken", "client_secret", "client-secret", "clientsecret", "private_key", "private-key", "privatekey",
    "password",
)  # fmt: skip
_QUOTE = r"(?:\\*[\"'])?"
_RULES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        _LABELS,
        (
            r"(?i)((?:secret[_-]?access[_-]?key|secret[_-]?key|session[_-]?token|security[_-]?token|web[_-]?identity[_-]?token|saml[_-]?assertion"
            r"|access[_-]?token|id[_-]?token|refresh[_-]?token|client[_-]?secret|private[_-]?key|password)"
            rf"(?:{_QUOTE}\s*(?:=>|[:=])\s*b?{_QUOTE}|[ ]+(?=[\w/+]{{30}})))"
            r"(?!\*\*\*|null\b|none\b|true\b|false\b|HIDDEN_)((?:[^\s\"'\\,;&<>(){}\[\]]|\\/){6,})"
        ),
        r"\1" + MASK,
    ),
    (("secretaccesskey>", "sessiontoken>"), r"(?i)(<(?:SecretAccessKey|SessionToken)>)\s*([^<\s]+)\s*(</)", r"\1" + MASK + r"\3"),
    (("secret access key [",), r"(?i)(Secret Access Key \[[^\]\n]*\]:[ \t]*)(\S+)", r"\1" + MASK),
    (
        ("authorization", "aws4-hmac"),
        rf"(?i)(authorization{_QUOTE}\s*[:=]\s*b?{_QUOTE})(?!\*\*\*)((?:AWS4-[\w-]+|AWS|Bearer|Basic|Digest|token)[ \t]+[^\n\r\"'\\]+)",
        r"\1" + MASK,
    ),
    (("aws4-hmac",), r"(AWS4-[A-Z0-9-]+ )Credential=[^\n\r\"'\\]+", r"\1" + MASK),
    (
        ("x-amz-security-token", "x-amzn-oidc", "x-aws-ec2-metadata-token"),
        rf"(?i)((?:x-amz-security-token|x-amzn-oidc-\w+|x-aws-ec2-metadata-token){_QUOTE}\s*:\s*b?{_QUOTE})([^\s\"'\\,;<>]{{8,}})",
        r"\1" + MASK,
    ),
    (("x-amz-",), r"(?i)(X-Amz-(?:Signature|Security-Token|Credential)(?:=|%3D))([^&\s\"'\\<>]+)", r"\1" + MASK),
    (("signature=",), r"((?<![\w-])Signature=)([A-Za-z0-9%/+=]{16,})", r"\1" + MASK),
    (("signature:",), r"(?i)(signature:\s*)([0-9a-f]{64})", r"\1" + MASK),
    (("eyj",), r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", MASK),
    (tuple(token.lower() for token in _TOKENS), r"(?<![A-Za-z0-9+/])(?:" + "|".join(_TOKENS) + r")[A-Za-z0-9+/=%_-]{20,}", MASK),
    (("private key-----",), r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(\s*[A-Za-z0-9+/=\\][A-Za-z0-9+/=\s\\]*)", r"\1 " + MASK + " "),
)
"""The literals of which one must be there, the pattern, and what is left of it."""
_SIGNS = (
    "secret", "token", "assertion", "authorization", "x-amz", "aws4-hmac", "signature", "eyj", "password", "private", "fwogzxiv",
    "fqogzxiv", "iqojb3jp", "aqodyxdz", "aqoexample",
)  # fmt: skip


def mask(text: str) -> str:
    """Replace the secrets of a text by `***`. The labels stay, so that one sees what was there."""
    if not text.isascii():
        text = writable(text)
    low = text.lower()
    for sign in _SIGNS:
        if sign in low:
            return _masked(text, low)
    return text


def writable(text: str) -> str:
    """Give a text that can be written: halves of a character, as JSON may spell them, become `?`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def text_of(value: object) -> str | None:
    """Give an event's field where it says something: `""`, `null` and `-` do not."""
    return writable(value) if isinstance(value, str) and value not in ("", "null", "-") else None


def _masked(text: str, low: str) -> str:
    for needs, pattern, replacement in _RULES:
        if _one_in(needs, low):
            text = _compiled(pattern).sub(_keep_lines(replacement) if "PRIVATE" in pattern else replacement, text)
    return text


def _one_in(needs: tuple[str, ...], low: str) -> bool:
    for need in needs:  # noqa: SIM110 - a generator doubles the time, and this runs for each rule and text
        if need in low:
            return True
    return False


def mask_value(value: Any, label: str = "") -> Any:
    """Mask the texts of a JSON value, those under a telling label (`sessionToken`) whole."""
    if isinstance(value, str):
        return MASK if value and _is_secret(label) else mask(value)
    if isinstance(value, Mapping):
        return {mask(str(key)): mask_value(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_value(item, label) for item in value]
    return value


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _is_secret(label: str) -> bool:
    return bool(_LABEL.search(label))


def _keep_lines(replacement: str) -> Callable[[re.Match[str]], str]:
    """Keep the line breaks of what is masked, so that later lines keep their numbers."""
    return lambda match: match.expand(replacement) + "\n" * match.group(2).count("\n")
