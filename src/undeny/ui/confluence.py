"""Publishes a page to Confluence, by title: makes it where there is none, and updates it with the next version number where there is.

Data Center has the first REST API under `/rest/api/content`, Cloud the second under `/wiki/api/v2/pages`.
https://developer.atlassian.com/server/confluence/confluence-rest-api-examples/
https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/
"""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib import error, parse, request

import msgspec

from undeny import __version__
from undeny.errors import UndenyError

PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each new try, where Confluence does not say how long."""
LONGEST = 60.0
SECONDS = 30
AGAIN = (429, 500, 502, 503, 504)
CONFLICT = 409
VARIABLES = ("CONFLUENCE_URL", "CONFLUENCE_SPACE", "CONFLUENCE_TOKEN")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where pages go: the site's address, the space's key, and who publishes (`user` is the mail address that Cloud asks for)."""

    url: str
    space: str
    token: str
    user: str | None = None

    @property
    def cloud(self) -> bool:
        """Whether it is Atlassian's own site, which has the second API."""
        return (parse.urlsplit(self.url).hostname or "").endswith(".atlassian.net")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """Where the page is now, and in which version."""

    url: str
    version: int
    made: bool


def place(environment: Mapping[str, str]) -> Place:
    """Take the place from the environment. Raises `UndenyError` that names what is missing."""
    missing = [name for name in VARIABLES if not environment.get(name)]
    if missing:
        raise UndenyError(
            f"nobody said where to publish: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            code="no-confluence",
            help=("CONFLUENCE_URL is as https://SITE/wiki or https://HOST; on Cloud CONFLUENCE_USER is your mail address",),
        )
    url = environment["CONFLUENCE_URL"].rstrip("/")
    if parse.urlsplit(url).scheme not in ("http", "https"):
        raise UndenyError(f"`{url}` is no address of a web server", code="no-confluence", help=("it begins with https://",))
    return Place(
        url=url, space=environment["CONFLUENCE_SPACE"], token=environment["CONFLUENCE_TOKEN"], user=environment.get("CONFLUENCE_USER")
    )


class Confluence:
    """Speaks to one site. `wait` sleeps some seconds."""

    def __init__(self, where: Place, wait: Callable[[float], None] = time.sleep) -> None:
        self._where = where
        self._wait = wait

    def publish(self, title: str, body: str) -> Published:
        """Make or update the page of that title. A version that somebody else wrote meanwhile is read again, once.

        Raises `UndenyError` (exit 3) where the site refuses or does not answer.
        """
        held = self._find(title)
        if held is None:
            try:
                return self._told(self._send("POST", self._pages, self._page(title, body)), made=True)
            except UndenyError:
                held = self._find(title)  # an answer that was lost: the page is there
                if held is None:
                    raise
        for last in (False, True):
            number = int((held.get("version") or {}).get("number") or 1) + 1
            page = self._page(title, body) | {"id": held["id"], "version": {"number": number}}
            try:
                return self._told(self._send("PUT", f"{self._pages}/{held['id']}", page), made=False)
            except UndenyError as problem:
                if problem.code != "confluence-conflict" or last:
                    raise
                held = self._find(title) or held
        raise AssertionError  # the second turn returns or raises

    @property
    def _pages(self) -> str:
        return "/api/v2/pages" if self._where.cloud else "/rest/api/content"

    def _page(self, title: str, body: str) -> dict[str, Any]:
        if self._where.cloud:
            return {"spaceId": self._space(), "status": "current", "title": title, "body": {"representation": "storage", "value": body}}
        held = {"storage": {"value": body, "representation": "storage"}}
        return {"type": "page", "title": title, "space": {"key": self._where.space}, "body": held}

    def _space(self) -> str:
        found = self._send("GET", f"/api/v2/spaces?{parse.urlencode({'keys': self._where.space})}").get("results") or []
        if not found:
            raise UndenyError(f"Confluence has no space `{self._where.space}`", code="no-confluence", exit_status=3)
        return str(found[0]["id"])

    def _find(self, title: str) -> dict[str, Any] | None:
        if self._where.cloud:
            asked = parse.urlencode({"space-id": self._space(), "title": title, "status": "current"})
        else:
            asked = parse.urlencode({"spaceKey": self._where.space, "title": title, "expand": "version"})
        found = self._send("GET", f"{self._pages}?{asked}").get("results") or []
        return dict(found[0]) if found else None

    def _told(self, answer: Mapping[str, Any], *, made: bool) -> Published:
        links = answer.get("_links") or {}
        url = f"{links.get('base') or self._base}{links.get('webui') or ''}"
        return Published(url=url, version=int((answer.get("version") or {}).get("number") or 1), made=made)

    @property
    def _base(self) -> str:
        url = self._where.url
        return f"{url}/wiki" if self._where.cloud and not url.endswith("/wiki") else url

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        for pause in (*PAUSES, None):
            try:
                return self._once(method, path, body)
            except error.HTTPError as problem:
                problem.close()  # it holds the connection
                told = problem.headers.get("Retry-After") if problem.headers else None
                if problem.code not in AGAIN or pause is None:
                    raise self._refused(problem, method) from problem
                self._wait(min(float(told), LONGEST) if told and told.isdigit() else pause)
            except (error.URLError, TimeoutError, OSError) as problem:
                if pause is None:
                    reason = str(getattr(problem, "reason", problem)).rstrip(".")
                    raise UndenyError(
                        f"no answer came from `{self._where.url}`: {reason}", code="network-unreachable", exit_status=3
                    ) from problem
                self._wait(pause)
        raise AssertionError  # the last turn returns or raises

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        user, token = self._where.user, self._where.token
        basic = base64.b64encode(f"{user}:{token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {basic}" if user else f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"undeny/{__version__}",
        }
        data = json.dumps(body).encode() if body is not None else None
        asked = request.Request(self._base + path, data=data, headers=headers, method=method)  # noqa: S310 - `place` lets only http and https through
        with request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - as above
            try:
                told = json.loads(answer.read() or b"{}")
            except ValueError as problem:
                raise UndenyError(
                    f"`{self._where.url}` answers with something that is no JSON", code="no-confluence", exit_status=3,
                    help=("is it the address of a Confluence? On Cloud it ends in /wiki",),
                ) from problem  # fmt: skip
        return told if isinstance(told, dict) else {}

    def _refused(self, problem: error.HTTPError, method: str) -> UndenyError:
        verb = {"POST": "make", "PUT": "update"}.get(method, "read")
        code = "confluence-conflict" if problem.code == CONFLICT else "confluence-refused"
        helped = {
            401: "the token is not accepted; on Cloud CONFLUENCE_USER is needed too",
            403: "the token's owner may not write in that space",
            404: "is the address right, and the space's key?",
        }.get(problem.code, "Confluence's own log says more")
        return UndenyError(f"Confluence would not {verb} the page: HTTP {problem.code}", code=code, exit_status=3, help=(helped,))
