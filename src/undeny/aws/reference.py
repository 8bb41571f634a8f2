"""Copies AWS's Service Reference into the user's cache, when asked: each file checked before it takes the place of an older one.

https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from undeny import __version__, catalog
from undeny.errors import UndenyError

ADDRESS = "https://servicereference.us-east-1.amazonaws.com/"
SHRUNK = 0.8
"""A copy with fewer actions than this part of those known is not taken: half a file, or another format."""
_SECONDS, _LARGEST = 20, 32 << 20


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: the services copied, and those left as they were with the reason."""

    copied: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()


def refresh(address: str, folder: Path, told: Callable[[int, int], None] = lambda *_: None) -> Refreshed:
    """Copy every service of the reference. Raises `UndenyError` (exit 3) where the list itself does not come."""
    if not address.startswith(("https://", "http://")):
        raise UndenyError(f"`{address}` is no address of a Service Reference", code="usage", help=(f"as in {ADDRESS}",))
    listed = _read(address)
    if not isinstance(listed, list) or not listed:
        raise UndenyError(f"`{address}` gave no list of services", code="aws-failed", exit_status=3)
    copied: list[str] = []
    left: list[tuple[str, str]] = []
    for done, entry in enumerate(listed, 1):
        name = str(entry.get("service", "")) if isinstance(entry, Mapping) else ""
        problem = _copy(name, str(entry.get("url", "")), folder) if name else "an entry without a name"
        if problem is None:
            copied.append(name)
        else:
            left.append((name, problem))
        told(done, len(listed))
    return Refreshed(copied=tuple(copied), left=tuple(left))


def _copy(name: str, url: str, folder: Path) -> str | None:
    """Copy one service; gives why not, where the file is not taken."""
    if not url.startswith(("https://", "http://")) or not name.replace("-", "").isalnum():
        return "its entry names no address"
    try:
        found = _read(url)
    except UndenyError as error:
        return error.message
    actions = found.get("Actions") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or found.get("Name") != name or not isinstance(actions, list) or not actions:
        return "it is no file of that service"
    held = catalog.service(name)
    if held is not None and len(actions) < SHRUNK * len(held.actions):
        return f"it has {len(actions)} actions, and {len(held.actions)} are known"
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{name}.new"
    new.write_text(json.dumps(found, separators=(",", ":")), "utf-8")
    new.replace(folder / f"{name}.json")
    return None


def _read(url: str) -> Any:
    request = urllib.request.Request(url, headers={"User-Agent": f"undeny/{__version__}"})  # noqa: S310 - only http and https come here
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return json.loads(answer.read(_LARGEST))
    except (urllib.error.URLError, OSError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        raise UndenyError(f"no answer came from `{url}`: {error}", code="network-unreachable", exit_status=3) from error
    except ValueError as error:
        raise UndenyError(f"the answer of `{url}` is no JSON", code="aws-failed", exit_status=3) from error
