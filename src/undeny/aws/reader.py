"""Makes the reads: each refused one becomes a gap with the permission that it needs, each answer is asked for once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from undeny.aws.session import Identity, Session, client, failure, identity
from undeny.errors import UndenyError
from undeny.evidence.model import Change, Gap, Policy
from undeny.iam import document
from undeny.iam.arn import Arn

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException", "403")
_THROTTLED = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown")
Answer = dict[str, Any]


class _Question(msgspec.Struct, frozen=True):
    service: str
    operation: str
    action: str
    what: str
    none: tuple[str, ...]
    region: str | None


class Reader:
    """Reads with one session. `gaps` are the refused reads in order, `calls` the actions used, `changes` the writes that were seen."""

    def __init__(self, session: Session, clock: Callable[[], datetime] | None = None) -> None:
        self.session = session
        self.clock = clock or (lambda: datetime.now(UTC))
        self.me: Identity = identity(session)
        self.gaps: list[Gap] = []
        self.calls: list[str] = []
        self.changes: list[Change] = []
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._answers: dict[tuple[Any, ...], Answer | Gap | None] = {}

    @property
    def source(self) -> str:
        """Where what this reads comes from, as evidence names it."""
        return f"profile {self.me.profile} ({self.me.account})" if self.me.profile else f"account {self.me.account}"

    @property
    def account_arn(self) -> str:
        """The ARN under which the settings of the reader's account as a whole stand."""
        return f"arn:{self.partition}:iam::{self.me.account}:root"

    @property
    def region(self) -> str:
        """The Region that is read where a thing's ARN names none."""
        return self.me.region or "us-east-1"

    @property
    def partition(self) -> str:
        """The partition that is read: `aws`, `aws-cn`, `aws-us-gov`."""
        arn = Arn.parse(self.me.arn)
        return arn.partition if arn else "aws"

    def call(  # noqa: PLR0913 - one call of AWS and how to tell its refusal belong together
        self,
        service: str,
        operation: str,
        *,
        action: str,
        what: str,
        none: tuple[str, ...] = (),
        region: str | None = None,
        **parameters: Any,
    ) -> Answer | Gap | None:
        """Call an operation (`get_role`), every page of it. `None` where AWS answers with one of the codes in `none`.

        `action` is the permission that it needs, `what` names the thing for the gap.
        """
        key = (service, operation, region, repr(sorted(parameters.items())))
        if key not in self._answers:
            self.calls.append(action)
            self._answers[key] = self._ask(_Question(service, operation, action, what, none, region), parameters)
        return self._answers[key]

    def _ask(self, question: _Question, parameters: Mapping[str, Any]) -> Answer | Gap | None:
        made, operation = self._client(question.service, question.region), question.operation
        try:
            if made.can_paginate(operation):
                return _joined(made.get_paginator(operation).paginate(**parameters))
            return dict(getattr(made, operation)(**parameters))
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            return None if code in question.none else self._refused(error, code, question)
        except BotoCoreError as error:
            told = failure(error)
            if told is not None:
                raise told from error
            return self.gap(Gap(what=question.what, why=f"not read: {_line(error)}", permission=question.action))

    def _refused(self, error: ClientError, code: str, question: _Question) -> Gap:
        what, action = question.what, question.action
        told = failure(error)
        if told is not None:
            raise told from error
        if code in _DENIED:
            return self.gap(Gap(what=what, why=f"{self.me.arn} may not read it", permission=action))
        if code in _THROTTLED:
            return self.gap(Gap(what=what, why=f"AWS throttled the read (`{code}`)", permission=None, how="run the same command again"))
        return self.gap(Gap(what=what, why=f"AWS answered `{code}`: {_line(error)}", permission=None))

    def forget(self, operation: str) -> None:
        """Forget the answers of an operation, so that it is asked anew."""
        self._answers = {key: answer for key, answer in self._answers.items() if key[1] != operation}

    def gap(self, gap: Gap) -> Gap:
        """Note a gap and give it back."""
        if gap not in self.gaps:
            self.gaps.append(gap)
        return gap

    def changed(self, event: str, on: str, time: datetime | None) -> None:
        """Note when a thing was last written; AWS's answer does not say by whom."""
        if time is not None:
            self.changes.append(Change(time=time, by="not said", event=event, on=on))

    def policy(
        self, name: str, text: str, *, arn: str | None = None, attached_to: str | None = None, inline: bool | None = None
    ) -> Policy | Gap:
        """Keep a document as the text that AWS gave; IAM's are percent-encoded, which `iam.document` undoes.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html
        """
        try:
            read = document.read(text)
        except UndenyError as error:
            return self.gap(Gap(what=f"policy {name}", why=f"AWS's answer is no policy document: {error.message}"))
        return Policy(
            name=name,
            document=read,
            arn=arn,
            attached_to=attached_to,
            inline=inline,
            source=self.source,
            read_at=self.clock(),
        )

    def _client(self, service: str, region: str | None) -> Any:
        if (service, region) not in self._clients:
            self._clients[service, region] = client(self.session, service, region)
        return self._clients[service, region]


def _joined(pages: Iterable[Answer]) -> Answer:
    """Join the pages of an answer: lists one after the other, everything else as the first page has it."""
    out: Answer = {}
    for page in pages:
        for key, value in page.items():
            out[key] = [*out[key], *value] if isinstance(value, list) and key in out else out.get(key, value)
    return out


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
