"""The lab: a local AWS on a loopback port, with its accounts, callers and trail."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

import boto3
import botocore.loaders
import botocore.session
from botocore.configprovider import ConstantProvider
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from undeny.iam.principal import Principal
from undeny.lab import organization, state, trail
from undeny.lab.callers import Callers
from undeny.lab.errors import LabError
from undeny.lab.gate import ENDPOINT_HEADER, Gate
from undeny.lab.maker import attach
from undeny.lab.model import Credentials

REGION = "eu-west-1"
SOURCE_IP = "203.0.113.9"
"""Where all callers seem to be: an address that is nobody's (https://www.rfc-editor.org/rfc/rfc5737)."""
_MANAGED = "MOTO_IAM_LOAD_MANAGED_POLICIES"


@cache
def _models() -> Any:
    """Give the one loader of service models of all lab sessions: it keeps what it has read."""
    return botocore.loaders.Loader()


class LabSession(boto3.Session):  # type: ignore[misc] # boto3 has no types
    """A boto3 session whose clients all speak to one lab."""

    def __init__(self, endpoint_url: str, **given: Any) -> None:
        session = botocore.session.Session()
        for name, value in {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}.items():
            # nothing of the user's own profiles reaches the lab
            session.get_component("config_store").set_config_provider(name, ConstantProvider(value=value))
        session.register_component("data_loader", _models())
        super().__init__(botocore_session=session, **given)
        self.endpoint_url = endpoint_url

    def client(self, *names: Any, **given: Any) -> Any:
        """Make a client that speaks to the lab."""
        url = control_url(self.endpoint_url) if "s3control" in names else self.endpoint_url
        return super().client(*names, **({"endpoint_url": url} | given))

    def resource(self, *names: Any, **given: Any) -> Any:
        """Make a resource that speaks to the lab."""
        return super().resource(*names, **({"endpoint_url": self.endpoint_url} | given))


def control_url(endpoint_url: str) -> str:
    """Give the address for S3 Control, whose clients put the account before the host: there it becomes a user's name instead.

    `111122223333.127.0.0.1` is no host; `111122223333.lab@127.0.0.1` is.
    """
    return endpoint_url.replace("//", "//lab@", 1)


class _Quiet(MotoRequestHandler):  # type: ignore[misc] # moto has no types
    def log(self, *_: Any) -> None:
        """Say nothing: the trail has it."""


class Lab:
    """One local AWS. `account` gives account numbers by name: management, app, data, audit (one organisation), and outside.

    >>> with Lab() as lab:  # doctest: +SKIP
    ...     lab.admin("app").client("s3").list_buckets()
    """

    def __init__(self, *, region: str = REGION, source_ip: str = SOURCE_IP) -> None:
        self.region = region
        self.account: dict[str, str] = {}
        self.trail = trail.Trail()
        self.callers = Callers(self.account)
        self.gate = Gate(self.callers, self.trail, source_ip)
        self._server: Any = None
        self._thread: Thread | None = None
        self._managed_before: str | None = None

    def __enter__(self) -> Self:
        self._managed_before = os.environ.get(_MANAGED)
        os.environ[_MANAGED] = "true"
        self.account.update(organization.found())
        self._server = make_server("127.0.0.1", 0, self.gate, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="undeny-lab")
        self._thread.start()
        self.maker("audit").client("s3").create_bucket(
            Bucket=self.trail_bucket, CreateBucketConfiguration={"LocationConstraint": self.region}
        )
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join()
        state.forget(self.account.values())
        os.environ.pop(_MANAGED)
        if self._managed_before is not None:
            os.environ[_MANAGED] = self._managed_before

    @property
    def endpoint_url(self) -> str:
        """Where the lab listens: on the loopback interface, on a free port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def trail_bucket(self) -> str:
        """The bucket of the organisation's trail, in account `audit`."""
        return f"cloudtrail-{self.account['management']}"

    def add_account(self, name: str, unit: str = "Workloads") -> str:
        """Add an account to a unit by its name, made where it is missing; gives its number."""
        management = self.account["management"]
        units = {node.name: node.id for node in state.backend("organizations", management).ou}
        parent = units.get(unit) or organization.add_unit(management, unit)
        self.account[name] = organization.add_account(management, name, parent)
        organization.furnish(self.account[name])
        return self.account[name]

    def credentials(self, principal: str) -> Credentials:
        """Give credentials of a user, a role (a session of it, named `lab` where the ARN names none), or root, by ARN."""
        who = Principal.parse(principal)
        account = who.account or ""
        if account not in self.account.values():
            raise LabError(f"the lab has no account `{account}` of `{principal}`")
        if who.kind == "user" and state.user(account, who.name or ""):
            return self.callers.of_user(account, who.name or "")
        if who.kind in {"role", "role_session"} and state.role(account, who.name or ""):
            return self.callers.of_role(account, who.name or "", who.session_name or "lab", datetime.now(UTC))[1]
        if who.kind == "root":
            return self.callers.of_root(account)
        raise LabError(f"the lab has no user or role `{principal}`")

    def session(self, principal: str, *, region: str | None = None, endpoint: str | None = None) -> LabSession:
        """Open a boto3 session of a principal; `endpoint` is the id of the VPC endpoint that its calls go through."""
        made = self.credentials(principal)
        session = LabSession(
            self.endpoint_url,
            aws_access_key_id=made.access_key,
            aws_secret_access_key=made.secret_key,
            aws_session_token=made.token,
            region_name=region or self.region,
        )
        if endpoint:
            session.events.register("before-send", lambda request, **_: request.headers.__setitem__(ENDPOINT_HEADER, endpoint))
        return session

    def admin_arn(self, account: str) -> str:
        """Give the administrator of an account, by the account's name or number."""
        return f"arn:aws:iam::{self.account.get(account, account)}:user/{organization.ADMIN}"

    def admin(self, account: str, *, region: str | None = None) -> LabSession:
        """Open a session of an account's administrator: a user with AdministratorAccess, whom every other layer binds."""
        return self.session(self.admin_arn(account), region=region)

    def maker(self, account: str, *, region: str | None = None) -> LabSession:
        """Open a session that furnishes an account: in process, past every decision, without a trace in the trail."""
        session = self.session(f"arn:aws:iam::{self.account.get(account, account)}:root", region=region)
        attach(session, self.gate, self.account.get(account, account))
        return session

    def environ(self, principal: str, *, region: str | None = None) -> dict[str, str]:
        """Give the variables with which a command run by itself speaks to the lab as this principal."""
        made = self.credentials(principal)
        given = {
            "AWS_ACCESS_KEY_ID": made.access_key,
            "AWS_SECRET_ACCESS_KEY": made.secret_key,
            "AWS_REGION": region or self.region,
            "AWS_DEFAULT_REGION": region or self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ENDPOINT_URL_S3_CONTROL": control_url(self.endpoint_url),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        }
        return given | ({"AWS_SESSION_TOKEN": made.token} if made.token else {})

    def deliver_trail(self, folder: Path | None = None) -> Mapping[str, bytes]:
        """Deliver trail files of what happened since last time to the trail's bucket, and below `folder` too where it is given."""
        files = self.trail.undelivered()
        bucket = self.maker("audit").client("s3")
        for key, content in files.items():
            bucket.put_object(Bucket=self.trail_bucket, Key=key, Body=content, ContentEncoding="gzip", ContentType="application/json")
        if folder is not None:
            trail.write(files, folder)
        return files
