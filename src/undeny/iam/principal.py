"""Who calls: an ARN, a service, nobody, or the identity provider of a token."""

from functools import lru_cache
from typing import Any, Literal, Self

import msgspec

from undeny.iam.arn import Arn

PrincipalKind = Literal[
    "user", "role", "role_session", "federated_user", "root", "service", "anonymous", "web_identity", "saml", "oai", "unique_id", "unknown"
]  # fmt: skip
UNIQUE_ID_PREFIXES = ("AIDA", "AROA", "AGPA", "AIPA", "ANPA", "ANVA", "ASCA", "APKA", "ABIA", "ACCA")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids"""
WEB_IDENTITY_PROVIDERS = ("cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity"""
_SERVICE_ENDINGS = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal")


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A caller by its text. `role_arn` and `session_name` are set for role sessions, `account` wherever the text says it.

    The ARN of a role session does not hold the role's path: `role_arn` is then without one.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """

    kind: PrincipalKind
    text: str
    partition: str = "aws"
    account: str | None = None
    role_arn: str | None = None
    name: str | None = None
    session_name: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a caller or an entry of a `Principal` element; never fails: what is not understood is `unknown`.

        >>> Principal.parse("arn:aws:sts::111122223333:assumed-role/App/i-0abc").role_arn
        'arn:aws:iam::111122223333:role/App'
        """
        arn = Arn.parse(text)
        if arn is not None:
            return cls(text=text, partition=arn.partition, **_of_arn(arn))
        return cls(text=text, **_of_word(text))

    @property
    def is_service_linked_role(self) -> bool:
        """Whether this is a service-linked role or a session of one: its path is reserved, and so is its name.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
        """
        if self.kind == "role":
            return ":role/aws-service-role/" in self.text
        return self.kind == "role_session" and (self.name or "").startswith("AWSServiceRoleFor")


@lru_cache(maxsize=4096)
def parse(text: str) -> Principal:
    """Read a principal as `Principal.parse` does, remembering the last few thousand."""
    return Principal.parse(text)


def _of_word(text: str) -> dict[str, Any]:
    if text in {"anonymous", "*", "AWS:anonymous"}:
        return {"kind": "anonymous"}
    if len(text) == 12 and text.isdigit() and text.isascii():
        return {"kind": "root", "account": text}
    if text in WEB_IDENTITY_PROVIDERS:
        return {"kind": "web_identity", "name": text}
    if text.endswith(_SERVICE_ENDINGS) and "/" not in text and ":" not in text:
        return {"kind": "service", "name": text}
    if text[:4] in UNIQUE_ID_PREFIXES and len(text) >= 16:
        identifier, _, session = text.partition(":")
        return {"kind": "unique_id", "name": identifier, "session_name": session or None}
    return {"kind": "unknown"}


def _of_arn(arn: Arn) -> dict[str, Any]:
    found: dict[str, Any] = {"account": arn.account or None}
    if arn.service_prefix == "sts":
        return found | _of_sts(arn)
    if arn.service_prefix != "iam":
        return found | {"kind": "unknown"}
    if arn.account == "cloudfront":
        return {"kind": "oai", "name": arn.name}
    if arn.resource == "root":
        return found | {"kind": "root", "name": "root"}
    kinds = {"user": "user", "role": "role", "oidc-provider": "web_identity", "saml-provider": "saml"}
    kind = kinds.get(arn.resource_type, "unknown")
    name = arn.resource_id if kind in {"web_identity", "saml"} else arn.name
    return found | {"kind": kind, "name": name, "role_arn": str(arn) if kind == "role" else None}


def _of_sts(arn: Arn) -> dict[str, Any]:
    if arn.resource_type == "federated-user":
        return {"kind": "federated_user", "name": arn.resource_id}
    role, slash, session = arn.resource_id.rpartition("/")
    if arn.resource_type != "assumed-role" or not slash:
        return {"kind": "unknown"}
    role_arn = Arn(partition=arn.partition, service_prefix="iam", region="", account=arn.account, resource=f"role/{role}")
    return {"kind": "role_session", "name": role, "session_name": session, "role_arn": str(role_arn)}
