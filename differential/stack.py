"""PyPI's `ministack` as a server of its own on the loopback address, with two accounts, a user, roles and the things they call."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

Json = dict[str, Any]
BIN = Path(__file__).parent / ".ministack" / "bin"
OWN, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
TRUST_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"}]}
DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403")


class Refused(Exception):  # noqa: N818 - it is an answer, no error of ours
    """The server takes no such policy."""


class Stack:
    """A running server with its two accounts. Use as a context manager."""

    def __init__(self) -> None:
        self._home = tempfile.mkdtemp(prefix="undeny-differential-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._url = f"http://127.0.0.1:{self.port}"
        settings = {"AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port), "IOT_MTLS_ENABLED": "0", "HOME": self._home}
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        quiet: Any = subprocess.DEVNULL
        self._process = subprocess.Popen([str(BIN / "ministack")], env=kept | settings, cwd=self._home, stdout=quiet, stderr=quiet)
        self._clients: dict[tuple[str, str], Any] = {}
        self._sessions: dict[str, boto3.Session] = {}
        self.things: dict[tuple[str, str], str] = {}
        self._standing: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._wait()
        self._furnish()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        shutil.rmtree(self._home, ignore_errors=True)

    def _wait(self) -> None:
        for _ in range(120):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self._url}/_ministack/health", timeout=2):  # noqa: S310 - loopback
                return
            time.sleep(0.25)
        raise SystemExit("ministack did not start")

    def client(self, who: str, service: str) -> Any:
        """Give a client for an account's root user, or for the caller `user`, `session` or `anonymous`."""
        if (who, service) not in self._clients:
            session = self._sessions.setdefault(who, boto3.Session(who, "test", region_name=REGION))
            signature = UNSIGNED if who == "anonymous" else None
            more: Json = {"signature_version": signature} if signature is not None else {}
            config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, **more)
            self._clients[who, service] = session.client(service, endpoint_url=self._url, config=config)
        return self._clients[who, service]

    def become(self, who: str, credentials: Json) -> None:
        """Let a caller sign with these credentials from now on."""
        session = self._sessions.setdefault(who, boto3.Session("none", "none", region_name=REGION))
        held = session.get_credentials()
        held.access_key, held.secret_key = credentials["AccessKeyId"], credentials["SecretAccessKey"]
        held.token = credentials.get("SessionToken")

    def _furnish(self) -> None:
        iam = self.client(OWN, "iam")
        tags = [{"Key": "team", "Value": "blue"}]
        iam.create_user(UserName="alice", Tags=tags)
        self.become("user", iam.create_access_key(UserName="alice")["AccessKey"])
        iam.create_role(RoleName="App", AssumeRolePolicyDocument=json.dumps(TRUST_ALL), Tags=tags)
        iam.create_user(UserName="entry")
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        iam.put_user_policy(UserName="entry", PolicyName="p", PolicyDocument=json.dumps(everything))
        self.become("entry", iam.create_access_key(UserName="entry")["AccessKey"])
        boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(everything))["Policy"]["Arn"]
        self.things[OWN, "boundary"] = boundary
        for account in (OWN, OTHER):
            self._furnish_account(account)

    def _furnish_account(self, account: str) -> None:
        bucket, s3 = f"data-{account}", self.client(account, "s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.delete_public_access_block(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="in/a.csv", Body=b"x")
        self.things[account, "s3-object"], self.things[account, "s3-bucket"] = f"arn:aws:s3:::{bucket}/in/a.csv", f"arn:aws:s3:::{bucket}"
        self.client(account, "sqs").create_queue(QueueName="orders")
        self.things[account, "sqs"] = f"arn:aws:sqs:{REGION}:{account}:orders"
        self.things[account, "topic"] = self.client(account, "sns").create_topic(Name="events")["TopicArn"]
        self.things[account, "secret"] = self.client(account, "secretsmanager").create_secret(Name="app/db", SecretString="x")["ARN"]
        self.things[account, "key"] = self.client(account, "kms").create_key()["KeyMetadata"]["Arn"]
        role = self.client(account, "iam").create_role(RoleName="Target", AssumeRolePolicyDocument=json.dumps(TRUST_ALL))
        self.things[account, "trust"] = role["Role"]["Arn"]

    # ---- one scenario

    def arrange(self, scenario: Json, kind: str) -> None:
        """Put the scenario's policies where they belong. Raises `Refused` where the server takes one not.

        A policy that stands there may deny its own change: then all is made anew, and tried once more.
        """
        try:
            self._arrange(scenario, kind)
        except Refused as refusal:
            if not refusal.args[0].endswith(DENIED):
                raise
            self._reset()
            self._arrange(scenario, kind)

    def _reset(self) -> None:
        request = urllib.request.Request(f"{self._url}/_ministack/reset", method="POST")  # noqa: S310 - loopback
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - loopback
        self._standing.clear()
        self._furnish()

    def _arrange(self, scenario: Json, kind: str) -> None:
        policies, user = scenario["policies"], ":user/" in scenario["request"]["principal"]
        try:
            if scenario["request"]["principal"] != "anonymous":
                self._arrange_caller(policies, user=user)
            self._arrange_resource(policies["resource"], kind, scenario["request"]["resource_account"])
        except ClientError as error:
            raise Refused(f"{error.operation_name} says {error.response['Error']['Code']}") from error

    def _arrange_caller(self, policies: Json, *, user: bool) -> None:
        iam, boundary = self.client(OWN, "iam"), self.things[OWN, "boundary"]
        who, name = ("User", "alice") if user else ("Role", "App")
        for slot in ("p0", "p1", "full"):
            held = next((item["policy"] for item in policies["identity"] if item["name"] == slot), None)
            self._set(f"{who} {slot}", held, lambda text, slot=slot: self._inline(iam, who, name, slot, text))  # type: ignore[misc] # bound
        first = policies["boundary"][0]["policy"] if policies["boundary"] else None
        if first is not None:
            self._set("boundary", first, lambda text: new_version(iam, boundary, str(text)))
        self._set(f"{who} bounded", None if first is None else {"by": boundary}, lambda text: self._bound(iam, who, name, text))
        if not user:
            session = {"Policy": json.dumps(policies["session"][0]["policy"])} if policies["session"] else {}
            role = f"arn:aws:iam::{OWN}:role/App"
            made = self.client("entry", "sts").assume_role(RoleArn=role, RoleSessionName="i-0abc", **session)
            self.become("session", made["Credentials"])

    def _set(self, slot: str, value: Json | None, put: Callable[[str | None], None]) -> None:
        """Write a policy where it differs from what stands there."""
        text = None if value is None else json.dumps(value)
        if self._standing.get(slot, "") == (text or ""):
            return
        self._standing[slot] = "?"
        put(text)
        self._standing[slot] = text or ""

    def _inline(self, iam: Any, who: str, name: str, slot: str, text: str | None) -> None:
        about = {f"{who}Name": name, "PolicyName": slot}
        if text is not None:
            getattr(iam, f"put_{who.lower()}_policy")(**about, PolicyDocument=text)
            return
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            getattr(iam, f"delete_{who.lower()}_policy")(**about)

    def _bound(self, iam: Any, who: str, name: str, text: str | None) -> None:
        if text is None:
            getattr(iam, f"delete_{who.lower()}_permissions_boundary")(**{f"{who}Name": name})
        else:
            arn = self.things[OWN, "boundary"]
            getattr(iam, f"put_{who.lower()}_permissions_boundary")(**{f"{who}Name": name, "PermissionsBoundary": arn})

    def _arrange_resource(self, policy: Json | None, kind: str, account: str) -> None:
        kind = "s3-bucket" if kind == "s3-object" else kind
        arn = self.things[account, kind]
        self._set(f"{account} {kind}", policy, lambda text: SETTERS[kind](self, account, arn, text))

    def call(self, scenario: Json) -> str:
        """Make the call and give the decision; `denied` where the answer does not say how."""
        asked = scenario["request"]
        who = "anonymous" if asked["principal"] == "anonymous" else "user" if ":user/" in asked["principal"] else "session"
        try:
            CALLS[asked["action"]](self, who, asked["resource"], asked)
        except ClientError as error:
            if error.response["Error"]["Code"] not in DENIED:
                return f"error {error.response['Error']['Code']}" if "NotFound" in str(error) else "allowed"
            text = str(error)
            explicit = "explicitly_denied" if "explicit deny" in text else "implicitly_denied"
            return explicit if "explicit deny" in text or "because no" in text else "denied"
        return "allowed"

    def queue(self, who: str, arn: str) -> str:
        """Give the URL of a queue."""
        del who
        return f"{self._url}/{arn.rsplit(':', 2)[-2]}/{arn.rsplit(':', 1)[-1]}"


def missing() -> str | None:
    """Say what is not there, `None` where all is."""
    return None if (BIN / "ministack").exists() else "ministack is not installed (`make differential` installs it)"


def new_version(iam: Any, arn: str, text: str) -> None:
    """Make a policy's document this one, and drop the version before."""
    old = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
    iam.delete_policy_version(PolicyArn=arn, VersionId=old)


def bucket_of(arn: str) -> str:
    """Give the bucket's name."""
    return arn.removeprefix("arn:aws:s3:::").partition("/")[0]


def _bucket(stack: Stack, account: str, arn: str, text: str | None) -> None:
    s3 = stack.client(account, "s3")
    if text is None:
        s3.delete_bucket_policy(Bucket=bucket_of(arn))
    else:
        s3.put_bucket_policy(Bucket=bucket_of(arn), Policy=text)


def _secret(stack: Stack, account: str, arn: str, text: str | None) -> None:
    client = stack.client(account, "secretsmanager")
    if text is None:
        client.delete_resource_policy(SecretId=arn)
    else:
        client.put_resource_policy(SecretId=arn, ResourcePolicy=text)


SETTERS: dict[str, Callable[[Stack, str, str, str | None], Any]] = {
    "s3-bucket": _bucket,
    "secret": _secret,
    "sqs": lambda stack, account, arn, text: stack.client(account, "sqs").set_queue_attributes(
        QueueUrl=stack.queue(account, arn), Attributes={"Policy": text or ""}
    ),
    "topic": lambda stack, account, arn, text: stack.client(account, "sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=text or ""
    ),
    "key": lambda stack, account, arn, text: stack.client(account, "kms").put_key_policy(KeyId=arn, PolicyName="default", Policy=text),
    "trust": lambda stack, account, arn, text: stack.client(account, "iam").update_assume_role_policy(
        RoleName=arn.rsplit("/", 1)[-1], PolicyDocument=text
    ),
}
CALLS: dict[str, Callable[[Stack, str, str, Json], Any]] = {
    "s3:GetObject": lambda stack, who, arn, _: stack.client(who, "s3").get_object(Bucket=bucket_of(arn), Key="in/a.csv"),
    "s3:PutObject": lambda stack, who, arn, _: stack.client(who, "s3").put_object(Bucket=bucket_of(arn), Key="in/a.csv", Body=b"x"),
    "s3:ListBucket": lambda stack, who, arn, asked: stack.client(who, "s3").list_objects_v2(
        Bucket=bucket_of(arn), **({"Prefix": asked["context"]["s3:prefix"]} if asked["context"].get("s3:prefix") else {})
    ),
    "sqs:SendMessage": lambda stack, who, arn, _: stack.client(who, "sqs").send_message(QueueUrl=stack.queue(who, arn), MessageBody="x"),
    "sqs:ReceiveMessage": lambda stack, who, arn, _: stack.client(who, "sqs").receive_message(QueueUrl=stack.queue(who, arn)),
    "sns:Publish": lambda stack, who, arn, _: stack.client(who, "sns").publish(TopicArn=arn, Message="x"),
    "secretsmanager:GetSecretValue": lambda stack, who, arn, _: stack.client(who, "secretsmanager").get_secret_value(SecretId=arn),
    "kms:Encrypt": lambda stack, who, arn, _: stack.client(who, "kms").encrypt(KeyId=arn, Plaintext=b"x"),
    "kms:GenerateDataKey": lambda stack, who, arn, _: stack.client(who, "kms").generate_data_key(KeyId=arn, KeySpec="AES_256"),
    "sts:AssumeRole": lambda stack, who, arn, asked: stack.client(who, "sts").assume_role(
        RoleArn=arn,
        RoleSessionName="run-7",
        **({"ExternalId": asked["context"]["sts:ExternalId"]} if asked["context"].get("sts:ExternalId") else {}),
    ),
}
