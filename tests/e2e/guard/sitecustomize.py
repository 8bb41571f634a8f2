"""Loaded by Python at start where this folder is on PYTHONPATH: ends the process at any connection that is not allowed."""

import os
import socket
import sys

_ALLOWED = os.environ.get("TEST_ALLOWED_ADDRESS", "")
_connect = socket.socket.connect
_resolve = socket.getaddrinfo


def _check(host, port):
    if f"{host}:{port}" != _ALLOWED:
        sys.stderr.write(f"GUARD: a connection to {host}:{port}\n")
        sys.stderr.flush()
        os._exit(99)


def _guarded_connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _check(address[0], address[1])
    return _connect(self, address)


def _guarded_resolve(host, port, *rest, **named):
    _check(host, port)
    return _resolve(host, port, *rest, **named)


socket.socket.connect = _guarded_connect
socket.getaddrinfo = _guarded_resolve
