"""HTML, GitHub annotations and SARIF say what the page says, escaped as each wants it."""

import re
from html.parser import HTMLParser

import jsonschema
import pytest

from undeny import pipeline
from undeny.emit.report import github, html, sarif
from undeny.emit.report.page import page_of
from undeny.emit.report.spots import Spot, Swap

SCENARIO = {
    "id": "x",
    "text": "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
    "request": {
        "principal": "arn:aws:iam::111122223333:role/App",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::logs-prod/<b>&amp;.json",
        "resource_account": "111122223333",
    },
    "policies": {
        "identity": [
            {
                "name": "Reads",
                "policy": {
                    "Version": "2012-10-17",
                    "Statement": [{"Sid": "R", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs-prod"}],
                },
            }
        ],
        "boundary": None,
        "session": None,
        "resource": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
    },
}
SPOT = Spot(
    path="infra/iam, eu:1.tf",
    line=41,
    what="aws_iam_role_policy.reads",
    swaps=(Swap(path="infra/iam, eu:1.tf", line=41, column=14, end_line=41, end_column=20, text="x"),),
)


@pytest.fixture(scope="module")
def walk():
    return pipeline.walk(SCENARIO)


@pytest.fixture(scope="module")
def unsure():
    return pipeline.walk("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied")


class Reader(HTMLParser):
    """What a browser would show and fetch."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self, text):
        super().__init__()
        self.open, self.shown, self.attributes, self.tags, self.ids = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "title"):
            self.shown.append(data)


def test_the_page_is_well_formed_says_all_that_the_screen_says_and_fetches_nothing(walk):
    read = Reader(html.html(walk))
    assert read.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(read.tags)
    assert [value for name, value in read.attributes if name in ("src", "href", "srcset", "action")] == []
    shown = "".join(read.shown)
    page = page_of(walk)
    for text in (page.summary, page.status, page.footer, *page.because, *(f.title for f in page.fixes), *page.not_this):
        assert " ".join(text.replace("`", "").split()) in " ".join(shown.split())
    assert "<b>&amp;.json" in shown


def test_marks_are_told_to_who_cannot_see_them(walk):
    read = Reader(html.html(walk))
    assert ("lang", "en") in read.attributes
    assert "blocks" in read.shown
    assert "holds" in read.shown
    assert read.tags.count("h1") == 1


def test_colours_have_contrast_in_light_and_dark():
    light, dark = re.findall(r":root \{([^}]*)\}", html.STYLE.replace("color-scheme: light dark; ", ""))
    for theme in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+)", theme))
        for name in ("ink", "dim", "red", "green", "yellow", "blue"):
            for ground in ("paper", "box"):
                assert contrast(colours[name], colours[ground]) >= 4.5


def contrast(one, two):
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

    def luminance(colour):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_an_annotation_is_one_escaped_line_at_the_place_in_the_code(walk):
    written = github.annotations(walk, (SPOT,))
    assert written.count("\n") == 1
    assert written.startswith("::error file=infra/iam%2C eu%3A1.tf,line=41,title=denied[wrong-resource-arn]::")
    message = written.split("::", 2)[2].strip().replace("%0A", "\n").replace("%25", "%")
    assert message.splitlines()[0] == page_of(walk).summary


def test_an_annotation_without_a_place_stands_alone_and_what_is_not_sure_is_a_warning(walk, unsure):
    assert github.annotations(walk, ()).startswith("::error title=denied[wrong-resource-arn]::")
    assert github.annotations(unsure, ()).startswith("::warning title=denied[")


TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
FILE = {
    "type": "object",
    "required": ["uri", "uriBaseId"],
    "properties": {"uri": {"type": "string", "pattern": r"^[^ ]+$"}, "uriBaseId": {"const": "%SRCROOT%"}},
}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "properties": {name: {"type": "integer", "minimum": 1} for name in ("startLine", "startColumn", "endLine", "endColumn")},
    "additionalProperties": False,
}
SCHEMA = {
    # what SARIF 2.1.0 requires of the properties that are used here, by its sections 3.13 to 3.57
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object"},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "fullDescription", "help", "helpUri"],
                                            "properties": {
                                                "shortDescription": TEXT,
                                                "fullDescription": TEXT,
                                                "help": TEXT,
                                                "helpUri": {"type": "string", "pattern": "^https://"},
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "partialFingerprints"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                                "properties": {"type": "object"},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "message": TEXT,
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {"artifactLocation": FILE, "region": REGION},
                                            },
                                        },
                                    },
                                },
                                "fixes": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["artifactChanges"],
                                        "properties": {
                                            "description": TEXT,
                                            "artifactChanges": {
                                                "type": "array",
                                                "minItems": 1,
                                                "items": {
                                                    "type": "object",
                                                    "required": ["artifactLocation", "replacements"],
                                                    "properties": {
                                                        "artifactLocation": FILE,
                                                        "replacements": {
                                                            "type": "array",
                                                            "minItems": 1,
                                                            "items": {
                                                                "type": "object",
                                                                "required": ["deletedRegion"],
                                                                "properties": {"deletedRegion": REGION, "insertedContent": {"type": "object", "required": ["text"]}},
                                                            },
                                                        },
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_sarif_holds_what_the_standard_requires(walk, unsure):
    log = sarif.sarif([(walk, (SPOT,), "a" * 32), (unsure, (), "b" * 32), (walk, (), "a" * 32)])
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    run = log["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["wrong-resource-arn", unsure.explanation.cause.code]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first, second, _ = run["results"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "infra/iam%2C%20eu%3A1.tf"
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["startLine"] == 41
    assert "locations" not in second
    assert second["level"] in ("note", "warning")
