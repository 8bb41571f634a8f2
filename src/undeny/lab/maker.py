"""Furnishing a lab in process: boto3 calls that go straight to the gate's back door, without a socket."""

from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.botocore_stubber import MockRawResponse
from moto.core.request import Request

from undeny.lab.gate import Gate


def attach(session: boto3.Session, gate: Gate, account: str) -> None:
    """Turn all requests of a session to the gate's back door, in one account."""

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        prepared = Request.from_primitives(request.method, request.url, request.headers, request.body)
        reply = gate.make(dict(prepared.environ), prepared.get_data(), account)
        return AWSResponse(request.url, reply.status, dict(reply.headers), MockRawResponse(reply.body))

    session.events.register("before-send", send)
