"""The page of a path: the first line answers, the block is marked where it stands, whole at 60 columns, the same in JSON."""

import io
import json
from html.parser import HTMLParser

import msgspec
import pytest
from rich.console import Console

from generators.networks import two_tiers
from undeny.emit.report import network_html
from undeny.emit.report.network_page import NetworkScreen, command
from undeny.reach import reach
from undeny.reach.data import as_data


def _page(found, width, **more):
    to = io.StringIO()
    Console(file=to, width=width, color_system=None, highlight=False, markup=False, emoji=False).print(NetworkScreen(found, **more))
    return to.getvalue()


@pytest.fixture
def blocked():
    return reach(two_tiers(routes=[], into=[(100, "allow", "6", 443, "0.0.0.0/0")]).ask("i-app", "s3"))


def test_the_first_line_answers(blocked):
    assert _page(blocked, 200).splitlines()[0].startswith("blocked[network-route]: i-app → s3:443 is blocked: rtb-private has no route")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_page_is_whole_at_any_width(blocked, width):
    page = _page(blocked, width)
    assert max(map(len, page.splitlines())) <= width
    for word in ("NO_ROUTE_TO_DESTINATION", "SUBNET_ACL_RESTRICTION", "10.0.1.10", "aws ec2 create-vpc-endpoint"):
        assert word in page, word


def test_the_block_stands_on_the_hop_where_it_is(blocked):
    lines = _page(blocked, 140).splitlines()
    marks = [line for line in lines if "✗" in line and "│" in line]
    assert len(marks) == 2
    assert "rtb-private" in marks[0]
    assert "acl-private" in marks[1]


def test_what_was_not_seen_is_said():
    page = _page(reach(two_tiers().ask("i-app", "s3", unread=("NatGateways",))), 100)
    assert page.startswith("unknown:")
    assert "ec2:DescribeNatGateways" in page
    assert "not seen: NAT gateway nat-1" in page


def test_an_open_path_says_what_settings_cannot_tell():
    assert "whether something answers there, they do not say" in _page(reach(two_tiers().ask("i-app", "s3")), 120)


def test_json_has_every_hop_and_the_rule(blocked):
    data = json.loads(msgspec.json.encode(as_data(blocked)))
    assert (data["verdict"], data["code"], data["missing_evidence"]) == ("blocked", "network-route", [])
    hops = data["paths"][0]["hops"]
    assert [hop["code"] for hop in hops if hop["verdict"] == "blocked"] == ["NO_ROUTE_TO_DESTINATION", "SUBNET_ACL_RESTRICTION"]
    assert next(hop for hop in hops if hop["code"] == "SUBNET_ACL_RESTRICTION")["rule"]["RuleNumber"] == 32767
    assert data["changes"][0]["suffices"] is True
    assert {"what", "before", "after"} == set(data["changes"][0]["neighbours"][0])


def test_a_change_stands_as_commands_that_can_be_pasted():
    found = reach(two_tiers(routes=[]).ask("i-app", "sts"))
    lines = [command(step) for step in found.changes[0].steps]
    assert lines[0].startswith("GROUP=$(aws ec2 create-security-group --group-name eu-west-1-sts ")
    assert "--group-id $GROUP" in lines[1]
    assert "--security-group-ids $GROUP" in lines[2]
    assert lines[2].endswith("--private-dns-enabled")


def test_the_analyzers_own_answer_is_set_beside(blocked):
    told = {"verdict": "blocked", "agrees": True, "codes": ["NO_ROUTE_TO_DESTINATION"], "analysis": "nia-1"}
    assert "Reachability Analyzer agrees: blocked (NO_ROUTE_TO_DESTINATION), analysis nia-1" in _page(blocked, 120, analyzer=told)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.links, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        self.open += [] if tag == "meta" else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_of_html_is_whole_and_fetches_nothing(blocked):
    hostile = msgspec.structs.replace(blocked, summary="<script>alert(1)</script>")
    reader = _Reader()
    reader.feed(network_html.html(hostile, "read of a & b"))
    assert (reader.open, reader.links) == ([], [])
    text = "".join(reader.text)
    for word in (
        "NO_ROUTE_TO_DESTINATION",
        "SUBNET_ACL_RESTRICTION",
        "aws ec2 create-vpc-endpoint",
        "read of a & b",
        "<script>alert(1)</script>",
    ):
        assert word in text
