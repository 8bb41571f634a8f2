"""A runbook page in each of its formats: everything that somebody needs who meets the same denial again, and nothing that breaks a page."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest

from undeny.change.model import Danger, Verification
from undeny.change.runbooks import Runbook, RunbookStep
from undeny.denial import redact
from undeny.denial.model import Denial
from undeny.emit.report import blocks, runbook

ARN = "arn:aws:sts::210987654321:assumed-role/App/i-0abc"
DENIAL = Denial(
    error_code="AccessDenied",
    message=f"User: {ARN} is not authorized to perform: s3:PutObject on resource: <b>`x`</b>",
    principal=ARN,
    action="s3:PutObject",
    operation="PutObject",
    service="s3",
    resource="arn:aws:s3:::logs-prod/x",
    region="eu-west-1",
    request_id="R1",
    event_time=datetime(2026, 11, 24, 10, 7, tzinfo=UTC),
)
STEP = RunbookStep(
    number=1,
    phase="apply",
    action="iam:PutRolePolicy",
    title="inline policy W of role App",
    at="2026-11-24T10:20:00+00:00",
    outcome="done",
    before='{"Statement": "]]> & <b>"}',
    before_sha256="4c1f",
    after={"Statement": []},
    danger=Danger(why="no versions are kept", source="https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html"),
)
BOOK = Runbook(
    change="c-2m9d",
    state="in_force",
    created="2026-11-24T10:20:00+00:00",
    account="210987654321",
    by="arn:aws:iam::210987654321:role/Admin",
    region="eu-west-1",
    title="allow role App s3:PutObject",
    code="identity-missing-allow",
    owner=None,
    assumes=("the endpoint's policy, if one was on the way",),
    steps=(STEP, msgspec.structs.replace(STEP, phase="undo", number=1)),
    undo="undeny rollback c-2m9d",
    verify="undeny verify c-2m9d",
    watch="undeny verify c-2m9d --for 48h",
    verification=Verification(verified="allowed", how="evaluated on fresh policies", needs=("the SCPs",)),
    explanation={
        "id": "d-7f2k",
        "denial": msgspec.to_builtins(DENIAL),
        "cause": {
            "code": "identity-missing-allow",
            "certainty": "proven",
            "summary": "no policy allows it",
            "because": ["because it is so"],
        },
        "verdict": {"layers": {"identity": "implicitly_denied", "scp": "allowed", "rcp": "not_applicable"}},
        "ruled_out": [{"code": "scp-explicit-deny", "why": "3 levels read"}],
    },
    proofs=(
        {"obligation": "suffices", "holds": True, "how": "decided again", "unless": []},
        {"obligation": "nothing_else", "holds": None, "how": "", "unless": ["the endpoint"]},
    ),
)
HEADINGS = ["Symptom", "Cause", "Before you begin", "Fix", "How it was verified", "Roll back", "Hear of it next time"]
SAID = ("R1", "identity-missing-allow", "implicitly denied", "3 levels read", "iam:PutRolePolicy", "4c1f", "no versions are kept", "enough",
        "unless the endpoint", "evaluated on fresh policies", "undeny rollback c-2m9d", "undeny guard alarm d-7f2k", "--for 48h", "userIdentity.arn")  # fmt: skip


class Plain(HTMLParser):
    """The text of a page, and whether each tag is closed by its own."""

    def __init__(self):
        super().__init__()
        self.text, self.open = [], []

    def handle_starttag(self, tag, _attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("form", runbook.FORMATS)
def test_each_format_has_every_section_and_says_everything(form):
    page = runbook.render(BOOK, form)
    assert [h for h in HEADINGS if not re.search(f"(## |<h2>){h}", page)] == []
    assert [one for one in SAID if one not in page] == []


def test_markdown_keeps_a_message_with_backticks_and_tags_as_it_is():
    page = runbook.render(BOOK, "markdown")
    assert f"```text\n{DENIAL.message}\n```" in page


def test_html_is_whole_asks_for_nothing_and_shows_the_message_as_it_is():
    page = runbook.render(BOOK, "html")
    read = Plain()
    read.feed(page)
    assert read.open == []
    assert DENIAL.message in "".join(read.text)
    assert re.findall(r'(?:src|href)="', page) == []


def test_confluence_storage_is_xml_and_its_code_is_the_code():
    page = runbook.render(BOOK, "confluence")
    root = ET.fromstring(f'<p xmlns:ac="urn:ac">{page}</p>')  # noqa: S314 - we wrote it ourselves
    bodies = [one.text for one in root.iter("{urn:ac}plain-text-body")]
    assert STEP.before in bodies
    assert DENIAL.message in bodies
    assert "<h1>" not in page


def test_a_redacted_page_holds_no_account_and_no_name():
    page = runbook.render(redact.redact(BOOK), "html")
    assert [one for one in ("210987654321", "logs-prod", "role/App") if one in page] == []


def test_a_change_from_a_file_alone_still_makes_a_page():
    page = runbook.render(msgspec.structs.replace(BOOK, explanation=None, verification=None, proofs=()), "markdown")
    assert "was not saved here" in page
    assert "guard alarm" not in page


def test_backticks_in_code_get_a_longer_fence():
    assert blocks.markdown([blocks.Code("```\nx")]).startswith("````text")
    assert blocks.markdown([blocks.Paragraph(blocks.line(blocks.code("a`b")))]) == "``a`b``\n"
