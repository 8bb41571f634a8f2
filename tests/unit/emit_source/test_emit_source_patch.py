"""The change of a fix in the user's own code: it applies, it reads back as the policy that was proved, and nothing else moves.

tests/data/code holds small projects in the styles that people write; `HELD` is what AWS would hold of each of their policies.
"""

import copy
import json
import re
import shutil
import subprocess
from pathlib import Path
from random import Random

import hcl2
import pytest
from cfnlint.decode import decode

from undeny.emit.source import folder, patch
from undeny.emit.source.unify import trial
from undeny.fix.model import Fix, PolicyEdit
from undeny.iam import elements

CODE = Path(__file__).parents[2] / "data" / "code"
ACCOUNT = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop-prod-worker"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:shop-prod-jobs"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BUCKET = "arn:aws:s3:::shop-prod-invoices"
MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/shop-prod-invoices"
V = {"Version": "2012-10-17"}


def allow(action, resource, **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


TRUST = {**V, "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
HELD = {
    # name: folder, layer, target, policy, ARN of a managed policy, the document that AWS holds
    "jsonencode with colons": ("terraform", "resource", ROLE, None, None, TRUST),
    "inline_policy on one line": ("terraform", "identity", ROLE, "queue", None, {**V, "Statement": [allow("sqs:ReceiveMessage", QUEUE)]}),
    "object in a local": (
        "terraform",
        "identity",
        ROLE,
        "orders",
        None,
        {**V, "Statement": [allow(["dynamodb:GetItem", "dynamodb:Query"], f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/shop-prod-orders")]},
    ),
    "jsonencode with comments": (
        "terraform",
        "identity",
        ROLE,
        "shop-prod-invoices",
        MANAGED,
        {
            **V,
            "Statement": [
                allow(["s3:GetObject", "s3:GetObjectTagging"], f"{BUCKET}/*", Sid="Read"),
                allow(
                    "s3:PutObject",
                    [f"{BUCKET}/archive/*"],
                    Sid="Write",
                    Condition={"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
                ),
            ],
        },
    ),
    "file()": (
        "terraform",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:user/auditor",
        "audit",
        None,
        {**V, "Statement": [allow(["cloudtrail:LookupEvents", "s3:ListAllMyBuckets"], "*", Sid="Look")]},
    ),
    "templatefile()": (
        "terraform",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:user/robot",
        "robot",
        None,
        {
            **V,
            "Statement": [
                allow("s3:GetObject", BUCKET + "/${aws:username}/*"),
                allow("iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/robot"),
            ],
        },
    ),
    "data source with a deny": (
        "terraform",
        "resource",
        BUCKET,
        None,
        None,
        {
            **V,
            "Id": "invoices",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [BUCKET, f"{BUCKET}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
    ),
    "heredoc": (
        "terraform",
        "resource",
        QUEUE,
        None,
        None,
        {
            **V,
            "Statement": [
                {
                    "Sid": "Topic",
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": QUEUE,
                    "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:news"}},
                }
            ],
        },
    ),
    "data source": (
        "terraform",
        "resource",
        KEY,
        None,
        None,
        {
            **V,
            "Statement": [
                {"Sid": "Root", **allow("kms:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
                {
                    "Sid": "Decrypt",
                    **allow(["kms:DescribeKey", "kms:Decrypt"], "*"),
                    "Principal": {"AWS": ROLE},
                    "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
                },
            ],
        },
    ),
    "module called twice": (
        "modules",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:role/reports-reader",
        "read",
        None,
        {**V, "Statement": [allow("s3:ListBucket", "arn:aws:s3:::shop-reports")]},
    ),
    "argument of a module elsewhere": (
        "modules",
        "identity",
        ROLE,
        "registry",
        f"arn:aws:iam::{ACCOUNT}:policy/registry",
        {
            **V,
            "Statement": [allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop")],
        },
    ),
    "inline in YAML": (
        "template",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:role/shop-worker",
        "invoices",
        None,
        {
            **V,
            "Statement": [
                allow(["s3:GetObject", "s3:GetObjectTagging"], f"{BUCKET}/*", Sid="Read"),
                allow("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": ["in/*", "out/*"]}}),
            ],
        },
    ),
    "trust in YAML": ("template", "resource", f"arn:aws:iam::{ACCOUNT}:role/shop-worker", None, None, TRUST),
    "bucket policy in YAML": (
        "template",
        "resource",
        BUCKET,
        None,
        None,
        {
            "Statement": [
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [BUCKET, f"{BUCKET}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": False}},
                }
            ]
        },
    ),
    "CDK": (
        "cdk",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:role/AppStack-WorkerServiceRole4F2A1B3C-9Z8Y7X6W5V4U",
        "WorkerServiceRoleDefaultPolicy9A8B7C6D",
        None,
        {
            "Statement": [
                allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], f"arn:aws:sqs:eu-west-1:{ACCOUNT}:AppStack-Jobs5C8A0D1E-1A2B3C")
            ],
            **V,
        },
    ),
    "SAM": (
        "sam",
        "identity",
        f"arn:aws:iam::{ACCOUNT}:role/shop-ImportRole-1A2B3C4D5E6F",
        "ImportRolePolicy2",
        None,
        {**V, "Statement": [allow("ses:SendEmail", "*")]},
    ),
}


def fix_of(layer, target, policy, before, after):
    edit = PolicyEdit(layer=layer, target=target, policy=policy, before=before, after=after)
    return Fix(id="f", title="t", layer=layer, applicability="machine_applicable", changes=(edit,))


def scenario_of(layer, policy, arn, before):
    return {"policies": {layer: [{"name": policy, "arn": arn, "policy": before}]}} if layer == "identity" and arn else {}


# ---- the changes that fixes make


def action_added(statement):
    statement["Action"] = [*elements.listed(statement["Action"]), "s3:GetObjectVersion"]


def resource_added(statement):
    if "Resource" in statement:
        statement["Resource"] = [*elements.listed(statement["Resource"]), "arn:aws:s3:::shop-prod-invoices/2026/*"]


def resource_corrected(statement):
    if "Resource" in statement:
        statement["Resource"] = "arn:aws:s3:::other-${aws:username}/x"


def condition_added(statement):
    statement.setdefault("Condition", {}).setdefault("StringEquals", {})["aws:PrincipalTag/team"] = ["pay", "ship"]


def condition_dropped(statement):
    statement.pop("Condition", None)


def value_corrected(statement):
    for block in statement.get("Condition", {}).values():
        for key in block:
            block[key] = "true"


def principal_added(statement):
    if isinstance(statement.get("Principal"), dict):
        kind, values = next(iter(statement["Principal"].items()))
        statement["Principal"][kind] = [*elements.listed(values), "arn:aws:iam::444455556666:role/Reader"]


def denied(statement):
    statement["Effect"] = "Deny" if statement["Effect"] == "Allow" else "Allow"


def sid_given(statement):
    statement["Sid"] = "GivenBySomeone"


def action_taken_away(statement):
    if isinstance(statement["Action"], list) and len(statement["Action"]) > 1:
        statement["Action"] = statement["Action"][1:]


def appended(document):
    grants = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*"}
    document["Statement"].append({"Sid": "New", **grants, "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}})


def removed(document):
    if len(document["Statement"]) > 1:
        document["Statement"].pop(0)


ON_STATEMENTS = (
    action_added, resource_added, resource_corrected, condition_added, condition_dropped, value_corrected, principal_added, denied, sid_given,
    action_taken_away,
)  # fmt: skip
ON_DOCUMENTS = (appended, removed)


def changed(document, rng, times):
    after = copy.deepcopy(document)
    for _ in range(times):
        if rng.randrange(4):
            rng.choice(ON_STATEMENTS)(rng.choice(after["Statement"]))
        else:
            rng.choice(ON_DOCUMENTS)(after)
    return after


def single(change):
    def whole(document):
        after = copy.deepcopy(document)
        change(after["Statement"][-1]) if change in ON_STATEMENTS else change(after)
        return after

    whole.__name__ = change.__name__
    return whole


CHANGES = [single(one) for one in (*ON_STATEMENTS, *ON_DOCUMENTS)]


def write(tmp_path, held, after):
    name, layer, target, policy, arn, before = held
    made = patch.patched(fix_of(layer, target, policy, before, after), scenario_of(layer, policy, arn, before), CODE / name)
    assert made.missing == ()
    assert made.unread == ()
    where = tmp_path / name
    shutil.rmtree(where, ignore_errors=True)
    shutil.copytree(CODE / name, where)
    if after != before:
        subprocess.run(["patch", "-p1", "-s", "-d", str(where)], input=made.diff, text=True, check=True)
    return made, where


def parses(where, files):
    for path in files:
        if path.endswith(".tf"):
            hcl2.loads((where / path).read_text())
        elif path.endswith((".yaml", ".json")) and "policies" not in path and "reader" not in path:
            assert not decode(str(where / path))[1]
        elif path.endswith(".json"):
            json.loads((where / path).read_text())


def comments(text):
    return re.findall(r"(?m)(?:#|//).*$", text)


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_a_change_applies_as_a_patch_reads_back_and_keeps_what_it_does_not_concern(tmp_path, name, change):
    held = HELD[name]
    after = change(held[-1])
    made, where = write(tmp_path, held, after)
    again = folder.read(folder.texts(where), defaults=False)
    placed = made.placed[0]
    found = [d for d in again.definitions if d.address == placed.address]
    assert any(d.tree and trial(d.tree, after, {}) is not None for d in found)
    parses(where, made.files)
    for path, text in made.files.items():
        assert (where / path).read_text() == text
        gone = 0 if change.__name__ not in ("removed", "condition_dropped", "action_taken_away", "resource_corrected") else 2
        assert len(comments(text)) >= len(comments((CODE / held[0] / path).read_text())) - gone


@pytest.mark.parametrize("name", HELD)
def test_several_changes_at_once_read_back_too(tmp_path, name):
    rng = Random(name)  # noqa: S311 - chance of a test, the same each time
    for _ in range(6):
        write(tmp_path, HELD[name], changed(HELD[name][-1], rng, rng.randrange(2, 5)))


@pytest.mark.parametrize("name", ["jsonencode with comments", "data source", "heredoc", "file()", "inline in YAML", "CDK"])
def test_windows_line_ends_stay(tmp_path, name):
    held = HELD[name]
    where = tmp_path / "windows"
    shutil.copytree(CODE / held[0], where)
    for path in where.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    subprocess.run(["git", "init", "-q", "."], cwd=where, check=True)
    for change in CHANGES:
        after = change(held[-1])
        fix, scenario = fix_of(*held[1:4], held[-1], after), scenario_of(held[1], held[3], held[4], held[-1])
        made = patch.patched(fix, scenario, where)
        for text in made.files.values():
            assert text.count("\n") == text.count("\r\n")
        if made.diff:
            subprocess.run(["git", "apply", "--check", "-"], cwd=where, input=made.diff.encode(), check=True)


def test_nothing_is_written_where_nothing_changes():
    for held in HELD.values():
        folder_, layer, target, policy, arn, before = held
        made = patch.patched(fix_of(layer, target, policy, before, before), scenario_of(layer, policy, arn, before), CODE / folder_)
        assert (made.diff, made.missing) == ("", ())


def test_a_small_change_touches_one_line():
    held = HELD["jsonencode with comments"]
    after = copy.deepcopy(held[-1])
    after["Statement"][0]["Action"].append("s3:GetObjectVersion")
    made = patch.patched(fix_of(*held[1:4], held[-1], after), scenario_of("identity", held[3], held[4], held[-1]), CODE / "terraform")
    lines = [line for line in made.diff.splitlines() if line[0] in "+-" and not line.startswith(("+++", "---"))]
    assert lines == [
        '-        Action   = ["s3:GetObject", "s3:GetObjectTagging"]',
        '+        Action   = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion"]',
    ]


def test_the_code_names_what_it_can_by_reference():
    held = HELD["data source with a deny"]
    after = copy.deepcopy(held[-1])
    after["Statement"][0]["Resource"].append(f"{BUCKET}/in/*")
    made = patch.patched(fix_of(*held[1:4], held[-1], after), {}, CODE / "terraform")
    assert '"${aws_s3_bucket.invoices.arn}/in/*"' in made.diff


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed: the format of patched code is not checked")
@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_terraform_fmt_has_nothing_to_say_to_new_statements_and_values(tmp_path, change):
    for name in ("jsonencode with comments", "data source", "data source with a deny", "module called twice"):
        _, where = write(tmp_path, HELD[name], change(HELD[name][-1]))
        told = subprocess.run(["terraform", "fmt", "-diff", "-recursive", str(where)], capture_output=True, text=True, check=False)
        assert told.stdout == ""
