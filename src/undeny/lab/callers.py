"""Who signed: access keys to callers, long-term ones from moto's users, temporary ones from what the lab itself issued."""

import secrets
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from moto.iam.utils import generate_access_key_id_from_account_id

from undeny.lab import state
from undeny.lab.model import Caller, Credentials

ANONYMOUS = Caller(kind="anonymous", arn="anonymous", account=None, unique_id="")


class Callers:
    """The access keys of one lab. Users' keys are moto's; root keys and sessions are kept here."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        self._accounts = accounts
        self._issued: dict[str, tuple[Caller, Credentials]] = {}

    def known(self, access_key: str) -> Caller | None:
        """Give whose key it is, `None` for a key that nobody has."""
        if access_key in self._issued:
            return self._issued[access_key][0]
        for account in self._accounts.values():
            key = state.backend("iam", account).access_keys.get(access_key)
            if key is not None and key.user_name and key.status == "Active":
                return user_caller(account, key.user_name, access_key)
        return None

    def token_of(self, access_key: str) -> str | None:
        """Give the session token that must come with a temporary key."""
        return self._issued[access_key][1].token if access_key in self._issued else None

    def secret_of(self, access_key: str) -> str | None:
        """Give the secret that requests of a key are signed with."""
        if access_key in self._issued:
            return self._issued[access_key][1].secret_key
        keys = (state.backend("iam", account).access_keys.get(access_key) for account in self._accounts.values())
        return next((str(key.secret_access_key) for key in keys if key is not None), None)

    def remember(self, caller: Caller, credentials: Credentials) -> None:
        """Keep a session that was issued."""
        self._issued[credentials.access_key] = (caller, credentials)

    def of_user(self, account: str, name: str) -> Credentials:
        """Give a user's credentials, making a key where it has none."""
        iam = state.backend("iam", account)
        keys = iam.list_access_keys(name)
        key = keys[0] if keys else iam.create_access_key(name)
        return Credentials(access_key=key.access_key_id, secret_key=key.secret_access_key)

    def of_root(self, account: str) -> Credentials:
        """Give the root user's access key."""
        made = Credentials(access_key=_key_id("AKIA", account), secret_key=_random(40))
        arn = f"arn:aws:iam::{account}:root"
        self.remember(Caller(kind="root", arn=arn, account=account, unique_id=account, access_key=made.access_key), made)
        return made

    def of_role(self, account: str, name: str, session_name: str, now: datetime, **given: Any) -> tuple[Caller, Credentials]:
        """Issue a role session; `given` are fields of the caller beyond who it is."""
        made = self._temporary(account)
        caller = role_caller(account, name, session_name, made.access_key, now, **given)
        self.remember(caller, made)
        return caller, made

    def of_self(self, caller: Caller, now: datetime, expires: datetime) -> Credentials:
        """Issue a temporary key of the same caller."""
        made = self._temporary(str(caller.account))
        self.remember(msgspec.structs.replace(caller, access_key=made.access_key, issued=now, expires=expires), made)
        return made

    def of_federated(self, user: Caller, name: str, now: datetime, expires: datetime, **given: Any) -> tuple[Caller, Credentials]:
        """Issue a federated user's session: `issuer` is the user whose policies count."""
        made = self._temporary(str(user.account))
        caller = Caller(
            kind="federated_user",
            arn=f"arn:aws:sts::{user.account}:federated-user/{name}",
            account=user.account,
            unique_id=f"{user.account}:{name}",
            name=user.name,
            issuer=user.arn,
            issuer_id=user.unique_id,
            access_key=made.access_key,
            issued=now,
            expires=expires,
            **given,
        )
        self.remember(caller, made)
        return caller, made

    @staticmethod
    def _temporary(account: str) -> Credentials:
        return Credentials(access_key=_key_id("ASIA", account), secret_key=_random(40), token="IQoJb3JpZ2luX2VjE" + _random(180))


def user_caller(account: str, name: str, access_key: str) -> Caller:
    """Build the caller of a user's long-term key."""
    user = state.user(account, name)
    return Caller(
        kind="user",
        arn=user.arn,
        account=account,
        unique_id=user.id,
        name=name,
        access_key=access_key,
        tags=state.caller_tags(account, name, "user"),
    )


def role_caller(account: str, name: str, session_name: str, access_key: str, now: datetime, **given: Any) -> Caller:
    """Build the caller of a role session; session tags go over the role's."""
    role = state.role(account, name)
    tags = state.caller_tags(account, name, "role_session") | given.pop("tags", {})
    seconds = given.pop("seconds", 3600)
    return Caller(
        kind="role_session",
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session_name}",
        account=account,
        unique_id=f"{role.id}:{session_name}",
        name=name,
        issuer=role.arn,
        issuer_id=role.id,
        access_key=access_key,
        tags=tags,
        issued=now,
        expires=now + timedelta(seconds=seconds),
        **given,
    )


def _random(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits + "+/") for _ in range(length))


def _key_id(prefix: str, account: str) -> str:
    made: str = generate_access_key_id_from_account_id(account, prefix=prefix)
    return made
