r"""Maps accounts and names to stand-ins, so that a page can be shown to strangers: the same name gets the same stand-in everywhere.

A stand-in is as long as what it stands for, so that columns stay where they are and marks stand under the same characters, and a
name keeps its separators: `logs-prod` and the pattern `logs-*` still belong together. What is AWS's own (service principals, AWS
managed policies, service-linked roles, resource types) stays. Secrets are masked already when anything is read (`denial.secrets`).

>>> redact({"principal": "arn:aws:iam::210987654321:role/Payroll"})
{'principal': 'arn:aws:iam::111122223333:role/Dunerav'}
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from undeny.iam.arn import Arn

MASK = "***"
_ARN = r"arn:aws[a-z-]*:[A-Za-z0-9-]*:[a-z0-9-]*:[0-9a-z*]*:[^\s\"'<>,\\`)\]}]+"
_ACCOUNT = r"(?<![\d.])\d{12}(?![\d.]\d|\d)"
_ID = (
    r"(?<![\w-])(?:o|ou|r|p|vpce|vpc|i|subnet|sg|eni|vol|snap|ami|rtb|acl|nat|igw|fs|pcx|tgw|lt|sgr|eipalloc|dopt)-(?=[0-9a-z-]*\d)"
    r"[0-9a-z]{4,32}(?:-[0-9a-z]{8,32})?(?![\w])"
)
_UNIQUE = r"(?<!\w)A(?:KIA|SIA|ROA|IDA|GPA|NPA|NVA|PKA|SCA)[A-Z0-9]{12,}(?!\w)"
"""Unique ids and access key ids: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"""
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_FOUND = re.compile("|".join(f"({one})" for one in (_ARN, _ID, _UNIQUE, _MAIL, _ACCOUNT)))
_WHOLE = re.compile(f"{_ID}|{_UNIQUE}|{_MAIL}")
_TOLD = re.compile(
    r"""(?ix) s3a?://([^\s"'<>?]+) | //([a-z0-9][a-z0-9.-]+)\.s3[.-][a-z0-9.-]*amazonaws
    | //sqs\.[a-z0-9-]+\.amazonaws\.com/\d{12}/([\w.-]+)
    | (?:^|[\s{,(?&"'])["']?\w*(?:name|bucket|roleid|alias|tablename)["']?\s*(?:[:=]|=>)\s*\\?["']?([\w.@+/-]{2,})
    | \b(?:role|user|bucket|group|policy|queue|topic|secret|profile|named)\s+["'`]?((?=[\w.@+/-]*(?-i:[A-Z\d_-]))[\w@+/-][\w.@+/-]{2,})"""
)
"""Names that a text tells outside an ARN: an address of S3 or SQS, `BucketName=...`, `role voclabs-1`."""
_NAMED = re.compile(r"(?i)(?:name|^bucket|^target|^attached_?to|^sid|^by|^on|^policy|_?alias|keyid|^rolesessionname|externalid)$")
"""Fields that hold a name. A struct's own `bucket` is undeny's word for a kind of cause, and not looked at."""
_NAMED_KEYS = re.compile(
    r"(?i)^(?:aws:(?:principal|resource|request)tag/.*|sts:externalid|sts:rolesessionname|aws:user(?:id|name)|aws:principalorg.*|.*:sub"
    r"|aws:(?:source|resource)org.*|aws:sourcevpce?|aws:sourceidentity|kms:encryptioncontext:.*|s3:prefix|saml:.*|kms:requestalias)$"
)
"""Condition keys whose values people choose: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
_HIDDEN = ("authorization_id", "encoded_message", "authorizationId", "encodedMessage")
_REQUESTS = ("request_id", "host_id", "event_id", "requestID", "eventID", "requestId", "hostId")
_OURS = frozenset(
    {
        "role", "user", "group", "policy", "bucket", "queue", "topic", "key", "alias", "table", "function", "secret", "service",
        "account", "session", "identity", "resource", "endpoint", "boundary", "root", "assumed", "federated", "assumed-role",
        "federated-user", "service-role", "aws-service-role", "instance-profile", "oidc-provider", "saml-provider", "mfa", "managed-policy",
        "log-group", "log-stream", "index", "stream", "object", "prod", "default", "parameter", "repository", "cluster",
        "stack", "statement", "layer", "call", "none", "true", "false", "null", "unknown", "anonymous", "aws", "arn", "allow", "deny",
        "allowed", "denied", "read", "write", "scp", "rcp", "trust", "s3", "sts", "iam", "kms", "sqs", "sns", "ec2", "lambda",
        "terraform", "cloudformation", "identity-center", "deploy", "next", "change", "organization", "permission", "setting", "proven",
        "stated", "likely",
    }
)  # fmt: skip
"""Words that undeny and AWS use themselves: as a name they are replaced where they stand as one, in an ARN or a field of names."""
_KINDS = ("permission", "network", "quota", "credentials", "propagation", "account", "call", "service", "unknown")
"""What stands in a written explanation's `bucket`: a kind of cause, and no name."""
_AWS = re.compile(r"^(?:AWSServiceRoleFor|Amazon|AWS[A-Z]|FullAWSAccess|[a-z0-9.-]+\.amazonaws\.com|arn:)|^\*$|^[\d.:/-]+$")
_ACCOUNTS = ("111122223333", "444455556666", "777788889999", "123456789012", "210987654321")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def redact(value: Any, *, request_ids: bool = False) -> Any:
    """Give `value` (text, JSON value, or a struct of any room) with every account and name in it replaced.

    `request_ids`: request, host and event ids are masked too; AWS Support asks for them, so they stay otherwise. Authorization ids and
    encoded messages are always masked: who may read them learns the whole request.
    """
    return redactor(value, request_ids=request_ids)(value)


def redactor(*values: Any, request_ids: bool = False) -> Callable[[Any], Any]:
    """Learn the accounts and names of `values`, and give what replaces them in these or any other value."""
    hidden = _HIDDEN + (_REQUESTS if request_ids else ())
    learned = _Learned(hidden)
    for value in values:
        for label, text in _texts(value, ""):
            learned.look(label, text)
    return _Redactor(learned, hidden=hidden)


class _Learned:
    """The names in the order of their appearance."""

    def __init__(self, hidden: tuple[str, ...]) -> None:
        self.hidden = hidden
        self.ids: dict[str, None] = {}
        self.names: dict[str, None] = {}
        self.accounts: dict[str, None] = {}
        self.tokens: dict[str, None] = {}

    def look(self, label: str, text: str) -> None:
        if label in self.hidden and len(text) > 3:
            self.ids.setdefault(text)
        if label == "bucket" and text in _KINDS:
            return
        for match in _FOUND.finditer(text):
            arn, *_, account = match.groups()
            if arn:
                self._arn(arn)
            elif account:
                self.accounts.setdefault(account)
            else:
                self.name(match[0])
        for match in _TOLD.finditer(text):
            for piece in (match[match.lastindex or 0] or "").split("/"):
                self.name(piece.rstrip("."))
        if (_NAMED.search(label) or _NAMED_KEYS.match(label)) and not _FOUND.search(text):
            split, told = (r"[/:\s]", _OURS) if label in ("by", "on") else (r"[/:]", ())
            for piece in re.split(split, text):
                if piece.lower() not in told:
                    self.name(piece)

    def _arn(self, text: str) -> None:
        arn = Arn.parse(text)
        if arn is None or arn.account == "aws":
            return
        if arn.account.isdigit():
            self.accounts.setdefault(arn.account)
        for found in re.finditer(_ACCOUNT, arn.resource):
            self.accounts.setdefault(found[0])
        pieces = re.split(r"[/:]", arn.resource.rstrip("."))
        self.name(arn.resource.rstrip("."), whole=len(pieces) > 1 and not arn.resource_type.islower())
        for i, piece in enumerate(pieces):
            if i or len(pieces) == 1 or piece.lower() not in _OURS:
                self.name(piece)

    def name(self, text: str, *, whole: bool = True) -> None:
        if not whole or not re.search(r"[A-Za-z]|\d{5}", text) or "${" in text or _AWS.search(text) or text.lower() in ("root", "*"):
            return
        self.names.setdefault(text)
        for token in re.findall(r"[A-Za-z0-9]+", text):
            self.tokens.setdefault(token.lower())


class _Redactor:
    """Replaces what was learned; the stand-ins are given out once, in the order in which the names were found."""

    def __init__(self, learned: _Learned, *, hidden: tuple[str, ...]) -> None:
        self._hidden = hidden
        self._tokens: dict[str, str] = {}
        self._taken = set(learned.tokens)
        for token in learned.tokens:
            self._tokens[token] = self._new(token)
        free = (one for one in _stand_in_accounts() if one not in learned.accounts)
        self._accounts = dict(zip(learned.accounts, free, strict=False))
        self._names = {name for name in learned.names if len(name) > 2 and name.lower() not in _OURS}
        self._exact = set(learned.names)
        plain = sorted(self._names, key=len, reverse=True)
        # behind a name no `:GetObject` follows: that is an action, whose service a bucket may be called after
        bounded = [rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9]|:[A-Z*])" for name in plain]
        ids = "|".join(re.escape(one) for one in sorted(learned.ids, key=len, reverse=True)) or "(?!)"
        parts = [f"(?P<hidden>{ids})", f"(?P<arn>{_ARN})", f"(?P<id>{_WHOLE.pattern})", r"(?P<head>[\w@.+=/:-]+)…|…(?P<tail>[\w@.+=/:-]+)"]
        self._pattern = re.compile("|".join([*parts, *bounded, f"(?P<account>{_ACCOUNT})"]))

    def __call__(self, value: Any, label: str = "") -> Any:
        if isinstance(value, str):
            return self._labelled(value, label)
        if isinstance(value, Mapping):
            return {self._key(key): self(item, str(key)) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return type(value)(self(item, label) for item in value)
        if isinstance(value, msgspec.Struct):
            names = value.__struct_fields__
            return msgspec.structs.replace(value, **{name: self(getattr(value, name), _label(name)) for name in names})
        return value

    def _key(self, key: Any) -> Any:
        return self.text(key) if isinstance(key, str) and (":" in key or key in self._names) else key

    def _labelled(self, text: str, label: str) -> str:
        if label in self._hidden:
            return MASK if text else text
        if text in self._exact and (_NAMED.search(label) or _NAMED_KEYS.match(label)):
            return self._name(text)
        return self.text(text)

    def text(self, text: str) -> str:
        """Give a text with every account and name in it replaced."""
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        found = match[0]
        if match["hidden"]:
            return MASK
        if match["arn"]:
            return self._arn(found)
        if match["account"]:
            return self._account(found)
        if match["head"] or match["tail"]:
            return self._cut(found)
        return self._name(found)

    def _account(self, text: str) -> str:
        return self._accounts.get(text, text)

    def _arn(self, text: str) -> str:
        arn = Arn.parse(text)
        if arn is None or arn.account == "aws":
            return text
        first, sign, rest = re.match(r"([^/:]*)([/:]?)(.*)", arn.resource, re.DOTALL).groups()  # type: ignore[union-attr] # matches every text
        head = first if sign and first.lower() in _OURS else self._name(first)
        account = self._account(arn.account)
        made = msgspec.structs.replace(arn, account=account, resource=head + sign + "".join(map(self._piece, re.split(r"([/:])", rest))))
        return str(made)

    def _piece(self, text: str) -> str:
        return text if _AWS.search(text) and not text.isdigit() else self._account(text) if text.isdigit() else self._name(text)

    def _cut(self, text: str) -> str:
        """Replace a name that was cut short: `1234abcd…` for a key."""
        bare = text.strip("…")
        for name in self._names:
            if name.startswith(bare) and text.endswith("…"):
                return self._name(name)[: len(bare)] + "…"
            if name.endswith(bare) and text.startswith("…"):
                return "…" + self._name(name)[-len(bare) :]
        mark = "…" if text.startswith("…") else ""
        return mark + self.text(bare) + ("…" if text.endswith("…") else "")

    def _name(self, text: str) -> str:
        return re.sub(r"[A-Za-z0-9]+", lambda match: self._token(match[0]), text) if text.lower() != "root" else text

    def _token(self, text: str) -> str:
        if text in self._accounts:
            return self._accounts[text]
        low = text.lower()
        if not re.search(r"[a-z]|\d{5}", low):
            return text
        if low not in self._tokens:
            self._tokens[low] = self._new(low)
        made = self._tokens[low]
        return "".join(new.upper() if old.isupper() else new for old, new in zip(text, made, strict=True))

    def _new(self, token: str) -> str:
        """Give a word of the same length that nothing has yet: digits for digits, letters that can be spoken for letters."""
        for attempt in range(10_000):
            made = _word(token, len(self._tokens) * 31 + attempt * 101 + 7)
            if made not in self._taken:
                self._taken.add(made)
                return made
        return token if len(token) > 1 else "x"


def _word(token: str, seed: int) -> str:
    state = seed * 2654435761 % 4294967291
    made = []
    for place, character in enumerate(token):
        state = (state * 48271 + place + 1) % 2147483647
        letters = "0123456789" if character.isdigit() else _CONSONANTS if place % 2 == 0 else _VOWELS
        made.append(letters[state // 7 % len(letters)])
    return "".join(made)


def _stand_in_accounts() -> Iterator[str]:
    yield from _ACCOUNTS
    for number in range(1000):
        one, two, three = number // 100, number // 10 % 10, number % 10
        yield f"{one}{one}{one}{one}{two}{two}{two}{two}{three}{three}{three}{three}"


def _texts(value: Any, label: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield label, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield "", str(key)
            yield from _texts(item, str(key))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _texts(item, label)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name), _label(name))


def _label(field: str) -> str:
    return "" if field == "bucket" else field
