"""Publishing against a stand-in for Confluence on this machine: pages made and updated by title, with retries, and never unasked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from undeny.errors import UndenyError
from undeny.ui.confluence import Confluence, Place, place


class StandIn:
    """Data Center's REST API as far as pages need it. `failing` are statuses that are answered first; `lost` drops the first answer."""

    def __init__(self):
        self.pages, self.failing, self.asked, self.conflicts = {}, [], [], 0

    def answer(self, method, path, body):
        address = urlsplit(path)
        if self.failing:
            return self.failing.pop(0), {}
        if method == "GET":
            title = parse_qs(address.query)["title"][0]
            return 200, {"results": [page for page in self.pages.values() if page["title"] == title]}
        if method == "POST":
            if any(page["title"] == body["title"] for page in self.pages.values()):
                return 400, {"message": "a page with this title exists"}
            key = str(100 + len(self.pages))
            self.pages[key] = body | {"id": key, "version": {"number": 1}, "_links": {"webui": f"/x/{key}"}}
            return 200, self.pages[key]
        key = address.path.rpartition("/")[2]
        if self.conflicts:
            self.conflicts -= 1
            self.pages[key]["version"]["number"] += 1
            return 409, {}
        if body["version"]["number"] != self.pages[key]["version"]["number"] + 1:
            return 409, {}
        self.pages[key] = self.pages[key] | body
        return 200, self.pages[key]


@pytest.fixture
def site():
    held = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def _do(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            held.asked.append((self.command, urlsplit(self.path).path, self.headers["Authorization"]))
            status, answer = held.answer(self.command, self.path, body)
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "2")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PUT = _do  # noqa: N815 - http.server's names

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}"
    yield held
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def confluence(site, waits):
    return Confluence(Place(url=site.url, space="OPS", token="t-1"), waits.append)


def test_a_page_is_made_and_then_updated_with_the_next_version(site, confluence):
    first = confluence.publish("Runbook c-1", "<p>one</p>")
    again = confluence.publish("Runbook c-1", "<p>two</p>")
    assert (first.made, first.version, again.made, again.version) == (True, 1, False, 2)
    (page,) = site.pages.values()
    assert (page["body"]["storage"], page["space"]) == ({"value": "<p>two</p>", "representation": "storage"}, {"key": "OPS"})
    assert {header for _, _, header in site.asked} == {"Bearer t-1"}
    assert again.url == f"{site.url}/x/100"


def test_it_tries_again_as_long_as_it_is_told_to_and_no_longer(site, confluence, waits):
    site.failing = [429, 503]
    assert confluence.publish("t", "b").made
    assert waits == [2.0, 3.0]
    site.failing = [500] * 9
    with pytest.raises(UndenyError, match="HTTP 500"):
        confluence.publish("t", "b")
    assert len(waits) == 5


def test_a_version_that_somebody_wrote_meanwhile_is_read_again_once(site, confluence):
    confluence.publish("t", "b")
    site.conflicts = 1
    assert confluence.publish("t", "c").version == 3
    site.conflicts = 9
    with pytest.raises(UndenyError, match="HTTP 409"):
        confluence.publish("t", "d")


def test_an_answer_that_was_lost_makes_no_second_page(site, confluence):
    answer = site.answer

    def lossy(method, path, body):
        status, told = answer(method, path, body)
        if method == "POST":
            site.answer = answer
            return 502, {}
        return status, told

    site.answer = lossy
    assert confluence.publish("t", "b").version == 2
    assert len(site.pages) == 1


@pytest.mark.parametrize(("status", "said"), [(401, "token"), (403, "may not write"), (404, "space")])
def test_a_refusal_says_what_to_look_at(site, confluence, status, said):
    site.failing = [status]
    with pytest.raises(UndenyError) as told:
        confluence.publish("t", "b")
    assert (told.value.exit_status, said in told.value.help[0]) == (3, True)


def test_nobody_there_is_told_plainly(waits):
    with pytest.raises(UndenyError, match="no answer came"):
        Confluence(Place(url="http://127.0.0.1:9", space="X", token="t"), waits.append).publish("t", "b")


def test_what_is_not_set_is_named():
    with pytest.raises(UndenyError, match="CONFLUENCE_SPACE and CONFLUENCE_TOKEN are"):
        place({"CONFLUENCE_URL": "https://x"})
    with pytest.raises(UndenyError, match="no address"):
        place({"CONFLUENCE_URL": "file:///etc/passwd", "CONFLUENCE_SPACE": "s", "CONFLUENCE_TOKEN": "t"})


def test_atlassians_own_sites_are_asked_by_their_second_api():
    assert Place(url="https://acme.atlassian.net/wiki", space="s", token="t").cloud
    assert not Place(url="https://wiki.acme.example", space="s", token="t").cloud
