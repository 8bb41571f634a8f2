"""The WSGI gate in front of moto: who calls, what is called, is it allowed; then moto's answer or AWS's refusal, and an event.

One request is handled at a time: moto's state is not made for threads.
"""

import io
import json
import secrets
import traceback
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from threading import RLock
from typing import Any

import msgspec
from moto.backends import list_of_moto_modules
from moto.core.request import Request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from undeny.lab import services, state, wire, words
from undeny.lab import signature as signing
from undeny.lab.callers import ANONYMOUS, Callers
from undeny.lab.details import recorded
from undeny.lab.errors import UnanswerableError
from undeny.lab.judge import refusal
from undeny.lab.model import Call, Caller, Fault, Refusal, Reply
from undeny.lab.trail import Trail

ENDPOINT_HEADER = "x-undeny-vpce"
"""A request with this header came through the VPC endpoint of that id."""


class Gate:
    """The application that the server runs; `encoded` holds what `DecodeAuthorizationMessage` can decode.

    Where `tells_ids` is set, each refusal bears an authorization id, and `details` holds what is behind it; `unwritten` are those that
    the first read does not find.
    """

    def __init__(self, callers: Callers, trail: Trail, source_ip: str) -> None:
        self.callers = callers
        self.trail = trail
        self.encoded: dict[str, str] = {}
        self.tells_ids = False
        self.details: dict[str, dict[str, Any]] = {}
        self.unwritten: set[str] = set()
        self.faults: list[str] = []
        """What the lab could not answer, in its own words."""
        self._source_ip = source_ip
        self._moto = _Moto(_load)
        self._lock = RLock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one HTTP request."""
        body = _body(environ)
        with self._lock:
            reply = self._safely(environ, body)
        headers = {name: value for name, value in reply.headers.items() if name.lower() != "content-length"}
        sent = b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body
        length = reply.headers.get("Content-Length") if environ["REQUEST_METHOD"] == "HEAD" else None
        start_response(f"{reply.status} -", [*headers.items(), ("Content-Length", length or str(len(sent)))])
        return [sent]

    def _safely(self, environ: dict[str, Any], body: bytes) -> Reply:
        try:
            return self._answer(environ, body)
        except Exception as error:  # noqa: BLE001 - a fault of the lab is said loudly, kept in `faults`, and never a page of HTML
            where = "; ".join(traceback.format_exception(error)[-3:])
            failed = UnanswerableError(f"the lab failed at {environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {where.strip().rstrip('.')}")
            service = wire.signed(Request(environ | {"wsgi.input": io.BytesIO(body)})).signing_name
            return self._unanswerable(service, "json" if environ.get("HTTP_X_AMZ_TARGET") else "query", failed, _ids(service))

    def _answer(self, environ: dict[str, Any], body: bytes) -> Reply:
        request = Request(environ | {"wsgi.input": io.BytesIO(body)})
        signature = wire.signed(request)
        ids = _ids(signature.signing_name)
        if wire.needs_signature(request, signature):
            protocol = "json" if request.headers.get("X-Amz-Target") else "query"
            return wire.refuse("sts", protocol, words.unsigned(protocol), *ids)
        try:
            target = wire.target(request, signature.signing_name)
        except UnanswerableError as error:
            return self._unanswerable(signature.signing_name, "json" if request.headers.get("X-Amz-Target") else "query", error, ids)
        try:
            caller, problem = self._caller(signature, request, body)
            call = self._call(request, target, signature, caller, ids)
            return self._refuse(call, problem) if problem else self._handle(call, environ, body)
        except UnanswerableError as error:
            return self._unanswerable(target.service, target.protocol, error, ids)

    def _caller(self, signature: wire.Signed, request: Request, body: bytes) -> tuple[Caller, Fault | None]:
        """Identify the caller, or say as AWS does why the key is no good."""
        if signature.access_key is None:
            return ANONYMOUS, None
        caller = self.callers.known(signature.access_key)
        wrong_token = caller is not None and self.callers.token_of(signature.access_key) not in {None, signature.token}
        if caller is None or wrong_token:
            return ANONYMOUS, words.unknown_key(signature.signing_name)
        if caller.expires is not None and caller.expires < datetime.now(UTC):
            return caller, words.expired(signature.signing_name)
        secret = self.callers.secret_of(signature.access_key)
        wrong = signing.problem(request, body, secret or "", datetime.now(UTC))
        return (ANONYMOUS, wrong) if wrong else (caller, None)

    def _call(self, request: Request, target: wire.Target, signature: wire.Signed, caller: Caller, ids: tuple[str, str]) -> Call:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return Call(
            caller=caller,
            service=target.service,
            operation=target.operation,
            parameters=target.parameters,
            region=signature.region,
            protocol=target.protocol,
            headers=headers,
            request_id=ids[0],
            host_id=ids[1],
            time=datetime.now(UTC),
            source_ip=self._source_ip,
            endpoint=headers.get(ENDPOINT_HEADER),
        )

    def _handle(self, call: Call, environ: dict[str, Any], body: bytes) -> Reply:
        service = services.of(call.service)
        if call.caller.kind == "anonymous":
            call = msgspec.structs.replace(call, caller=getattr(service, "caller", lambda one: one.caller)(call))
        if problem := getattr(service, "before", lambda _: None)(call):
            return self._refuse(call, problem)
        asked = services.asked(call)
        for one in asked:
            if refused := refusal(call, one):
                return self._deny(call, refused)
            if one.via:
                self.trail.record_hidden(call, one, None)
        reply = self._carry_out(call, environ, body, asked[0].account if asked else None)
        self.trail.record(call, None if reply.status < 300 else wire.fault_in(call, reply))
        return reply

    def make(self, environ: dict[str, Any], body: bytes, account: str) -> Reply:
        """Carry out a request that nobody is asked about and no trail shows: how a lab is furnished."""
        request = Request(environ | {"wsgi.input": io.BytesIO(body)})
        signature = wire.signed(request)
        target = wire.target(request, signature.signing_name)
        root = Caller(kind="root", arn=f"arn:aws:iam::{account}:root", account=account, unique_id=account)
        with self._lock:
            call = self._call(request, target, signature, root, _ids(signature.signing_name))
            return self._carry_out(call, environ, body, account)

    def _carry_out(self, call: Call, environ: dict[str, Any], body: bytes, owner: str | None) -> Reply:
        service = services.of(call.service)
        own = getattr(service, "ANSWERS", {}).get(call.operation)
        result = own(self, call) if own else None
        if isinstance(result, Fault):
            return wire.refuse(call.service, call.protocol, result, call.request_id, call.host_id)
        reply = wire.answer(call, result) if result is not None else self._forward(call, environ, body, owner)
        after = getattr(service, "AFTER", {}).get(call.operation)
        return after(call, reply) if after else reply

    def _deny(self, call: Call, refused: Refusal) -> Reply:
        fault = words.fault(call, refused)
        if getattr(services.of(call.service), "ENCODED", False):
            fault = self._encoded(call, fault, refused)
        elif self.tells_ids:
            fault = self._with_id(call, fault, refused)
        if refused.asked.via:
            said = words.sentence(call, refused)
            self.trail.record_hidden(call, refused.asked, Fault(code="AccessDenied", status=400, message=said))
        return self._refuse(call, fault)

    def _encoded(self, call: Call, fault: Fault, refused: Refusal) -> Fault:
        """Put the encoded authorization message behind EC2's sentence."""
        blob = secrets.token_urlsafe(420)
        self.encoded[blob] = json.dumps(words.decoded(call, refused), separators=(",", ":"))
        message = f"{fault.message}. Encoded authorization failure message: {blob}"
        return Fault(code=fault.code, status=fault.status, message=message, event_code=fault.event_code, refusal=refused)

    def _with_id(self, call: Call, fault: Fault, refused: Refusal) -> Fault:
        """Put the pointer of the access troubleshooter behind the sentence.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
        """
        known = secrets.token_hex(16)
        self.details[known] = recorded(call, refused)
        self.unwritten.add(known)
        console = f"https://{call.region}.console.aws.amazon.com/iam/home?region={call.region}#/authorization-details/{known}"
        tail = f"Go to {console} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id"
        return msgspec.structs.replace(fault, message=f"{fault.message}. {tail}: {known}")

    def _refuse(self, call: Call, fault: Fault) -> Reply:
        if call.caller.kind != "anonymous" or call.service == "s3":
            self.trail.record(call, fault)
        return wire.refuse(call.service, call.protocol, fault, call.request_id, call.host_id)

    def _forward(self, call: Call, environ: dict[str, Any], body: bytes, owner: str | None) -> Reply:
        """Let moto answer, in the account that owns the thing."""
        account = owner or call.caller.account
        started: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _exc: Any = None) -> None:
            started.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

        passed = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        if account is not None:
            passed["HTTP_X_MOTO_ACCOUNT_ID"] = account
        name = f"{call.service}:{call.operation}"
        if not self._has_backend(passed):
            raise UnanswerableError(f"the lab cannot answer `{name}`: moto has no such service")
        try:
            answered = b"".join(self._moto(passed, start))
        except NotImplementedError as error:
            raise UnanswerableError(f"the lab cannot answer `{name}`: moto has no such operation") from error
        except Exception as error:
            raise UnanswerableError(f"the lab cannot answer `{name}`: moto failed with {type(error).__name__}: {error}") from error
        if started["status"] >= 400 and "html" in started["headers"].get("Content-Type", "") and b"<html" in answered[:200].lower():
            raise UnanswerableError(f"the lab cannot answer `{name}`: moto knows no such path")
        ids = wire.id_headers(call.service, call.request_id, call.host_id)
        kept = {name: value for name, value in started["headers"].items() if name.lower() not in {key.lower() for key in ids}}
        return Reply(status=started["status"], headers=kept | ids, body=answered)

    def _has_backend(self, environ: dict[str, Any]) -> bool:
        host = self._moto.infer_service_region_host(environ, environ["PATH_INFO"])
        return host is None or self._moto.get_backend_for_host(host) is not None

    def _unanswerable(self, service: str, protocol: str, error: UnanswerableError, ids: tuple[str, str]) -> Reply:
        self.faults.append(error.message)
        return wire.refuse(service, protocol, Fault(code="LabCannotAnswer", status=501, message=error.message), *ids)


def _load(service: Any) -> Any:
    with state.unprofiled():
        return create_backend_app(service)


class _Moto(DomainDispatcherApplication):  # type: ignore[misc] # moto has no types
    """moto's dispatcher, which lists its folder on every request: here it looks once for each host."""

    def __init__(self, create_app: Callable[..., Any]) -> None:
        super().__init__(create_app)
        self._modules = {str(name) for name in list_of_moto_modules()}
        self._found: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        """Give the name of moto's backend for a host, `None` where it has none."""
        if host not in self._found:
            plain = host if host == "moto_api" or host in self._modules else None
            matching = (name for name, pattern in self.backend_url_patterns if host and pattern.match(f"http://{host}"))
            self._found[host] = plain or next(matching, None)
        return self._found[host]


def _ids(service: str) -> tuple[str, str]:
    """Make a request id and S3's second one, each as its service writes it."""
    if service == "s3":
        return "".join(secrets.choice("ABCDEFGHJKMNPQRSTVWXYZ0123456789") for _ in range(16)), secrets.token_urlsafe(57) + "="
    return str(uuid.uuid4()), ""


def _body(environ: dict[str, Any]) -> bytes:
    """Read the whole body; werkzeug has taken a chunked one apart already."""
    if environ.get("wsgi.input_terminated"):
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        whole: bytes = environ["wsgi.input"].read()
        return whole
    counted: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return counted
