"""The code of every fix of many denials says the policy that was proved, in each format; ids of imports are those that the provider takes."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import hcl2
import pytest
from test_emit_iac_golden import documents, policy, resolved, text

from undeny import pipeline
from undeny.emit import iac
from undeny.emit.iac import terraform
from undeny.fix.model import Fix, PolicyEdit

DATA = Path(__file__).parents[2] / "data"
TERRAFORM = shutil.which("terraform")
NAMES = ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "ResourcePolicy", "RepositoryPolicyText", "Content")


@pytest.fixture(scope="module")
def fixes():
    found = []
    for name, step in (("diagnoses", 5), ("heldout_scenarios", 3)):
        for line in (DATA / f"{name}.jsonl").read_text().splitlines()[::step]:
            row = json.loads(line)
            walked = pipeline.walk(row.get("input") or row.get("scenario") or row)
            scenario = pipeline.scenario_of(walked)
            found += [(fix, scenario) for fix in walked.fixes]
    return found


def test_there_are_fixes_of_every_layer_to_look_at(fixes):
    layers = {edit.layer for fix, _ in fixes for edit in fix.changes if isinstance(edit, PolicyEdit)}
    assert {"identity", "resource", "scp", "boundary", "endpoint", "session"} <= layers
    assert len(fixes) > 60


def test_terraform_of_every_fix_reads_back_as_the_policy_or_tells_it_whole(fixes):
    for fix, scenario in fixes:
        written = iac.render("terraform", fix, scenario)
        read = hcl2.loads(written)
        defaults = {text(name): text(held["default"]) for v in read.get("variable", []) for name, held in v.items()}
        blocks = [held for block in read.get("resource", []) for named in block.values() for held in named.values()]
        found = [policy(text(held[k]), defaults) for held in blocks for k in ("policy", "content", "assume_role_policy") if k in held]
        comments = re.findall(r"(?m)^# \{\n(?:# .*\n?)*?# \}$", written)
        found += [json.loads("\n".join(line[2:] for line in one.splitlines())) for one in comments]
        said = [statement_of(held) for held in blocks if "function_name" in held]
        for edit in (c for c in fix.changes if isinstance(c, PolicyEdit) and c.after in documents(fix)):
            old = (edit.before or {}).get("Statement", [])
            assert edit.after in found or all(one in old or without_sid(one) in said for one in edit.after["Statement"])


def statement_of(held):
    """What AddPermission makes of a permission, without its name: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"""
    told = {name: text(value) for name, value in held.items() if isinstance(value, str)}
    kind = "Service" if told["principal"].endswith(".amazonaws.com") else "AWS"
    condition = {}
    for argument, operator, key in (("source_account", "StringEquals", "aws:sourceaccount"), ("source_arn", "ArnLike", "aws:sourcearn")):
        if argument in told:
            condition.setdefault(operator, {})[key] = told[argument]
    made = {"Effect": "Allow", "Principal": {kind: told["principal"]}, "Action": told["action"], "Function": told["function_name"]}
    return made | ({"Condition": condition} if condition else {})


def without_sid(statement):
    function = statement["Resource"].rpartition(":function:")[2]
    condition = {
        operator: {key.lower(): value for key, value in block.items()} for operator, block in statement.get("Condition", {}).items()
    }
    plain = {name: value for name, value in statement.items() if name not in ("Sid", "Resource", "Condition")}
    return plain | {"Function": function} | ({"Condition": condition} if condition else {})


def test_cloudformation_of_every_fix_reads_back_and_its_defaults_fit_their_pattern(fixes):
    for fix, scenario in fixes:
        template = json.loads(iac.render("cloudformation", fix, scenario))
        values = {name: held["Default"] for name, held in template.get("Parameters", {}).items()}
        for held in template.get("Parameters", {}).values():
            assert re.fullmatch(held["AllowedPattern"], held["Default"])
        properties = [resource.get("Properties", {}) for resource in template["Resources"].values()]
        found = [resolved(held[name], values) for held in properties for name in NAMES if name in held]
        left = [one for one in documents(fix) if one not in found]
        said = [note for note in template.get("Metadata", {}).get("Undeny", []) if note.startswith("not a CloudFormation resource")]
        assert len(left) <= len(said)


def test_scripts_of_every_fix_are_short_parse_and_hold_the_policies(fixes, tmp_path):
    for fix, scenario in fixes:
        source = iac.render("boto3", fix, scenario)
        assert len(source.splitlines()) < 100
        ast.parse(source)
        shell = iac.render("cli", fix, scenario)
        found = [json.loads(body) for body in re.findall(r"<<'POLICY'\n(.*?)\nPOLICY\n", shell, re.DOTALL)]
        assert found == [c.after for c in fix.changes if isinstance(c, PolicyEdit) and c.after is not None]
        (tmp_path / f"{len(list(tmp_path.iterdir()))}.sh").write_text(shell)
    for path in tmp_path.iterdir():
        subprocess.run(["sh", "-n", str(path)], check=True)


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not installed: the format of the code is not checked")
def test_terraform_fmt_has_nothing_to_say(fixes, tmp_path):
    for number, (fix, scenario) in enumerate(fixes):
        (tmp_path / f"fix-{number}.tf").write_text(iac.render("terraform", fix, scenario))
    told = subprocess.run([TERRAFORM, "fmt", "-check", "-diff", str(tmp_path)], capture_output=True, text=True, check=False)
    assert told.stdout == ""


PROVIDER = os.environ.get("TF_PLUGIN_CACHE_DIR") or str(Path.home() / ".terraform.d" / "plugins")


@pytest.mark.skipif(
    TERRAFORM is None or not any(Path(PROVIDER).rglob("terraform-provider-aws*")),
    reason="the AWS provider of terraform is not installed: validate is not run",
)
def test_terraform_validate_accepts_every_golden_fix(tmp_path):
    for path in (DATA.parent / "golden").glob("*/fix.tf"):
        where = tmp_path / path.parent.name
        where.mkdir()
        shutil.copy(path, where)
        subprocess.run([TERRAFORM, f"-chdir={where}", "init", "-backend=false", f"-plugin-dir={PROVIDER}"], check=True, capture_output=True)
        subprocess.run([TERRAFORM, f"-chdir={where}", "validate"], check=True, capture_output=True)


ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/App"
PAGE = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
IMPORTS = {
    # resource type: layer, target, policy, ARN of the policy, and the id that an import takes, as the page of the resource says
    "aws_iam_role_policy": ("identity", ROLE, "reads", None, "App:reads"),
    "aws_iam_user_policy": ("identity", f"arn:aws:iam::{ACCOUNT}:user/eve", "reads", None, "eve:reads"),
    "aws_iam_policy": ("identity", ROLE, "reads", f"arn:aws:iam::{ACCOUNT}:policy/reads", f"arn:aws:iam::{ACCOUNT}:policy/reads"),
    "aws_iam_role": ("resource", ROLE, None, None, "App"),
    "aws_s3_bucket_policy": ("resource", "arn:aws:s3:::logs", None, None, "logs"),
    "aws_sqs_queue_policy": (
        "resource", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs", None, None, f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/jobs",
    ),
    "aws_sns_topic_policy": ("resource", f"arn:aws:sns:eu-west-1:{ACCOUNT}:news", None, None, f"arn:aws:sns:eu-west-1:{ACCOUNT}:news"),
    "aws_kms_key_policy": ("resource", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd", None, None, "1234abcd"),
    "aws_secretsmanager_secret_policy": (
        "resource", f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-a1b2c3", None, None,
        f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-a1b2c3",
    ),
    "aws_ecr_repository_policy": ("resource", f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/team/app", None, None, "team/app"),
    "aws_dynamodb_resource_policy": (
        "resource", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders", None, None, f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders",
    ),
    "aws_vpc_endpoint_policy": ("endpoint", "vpce-0abc12def34567890", "vpce-0abc12def34567890", None, "vpce-0abc12def34567890"),
    "aws_organizations_policy": (
        "scp", "ou-ab12-11111111", "RegionLock", f"arn:aws:organizations::{ACCOUNT}:policy/o-abc/service_control_policy/p-1234abcd", "p-1234abcd",
    ),
}  # fmt: skip
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}


@pytest.mark.parametrize("kind", IMPORTS)
def test_an_import_names_what_is_there_as_its_page_says(kind):
    layer, target, name, arn, wanted = IMPORTS[kind]
    edit = PolicyEdit(layer=layer, target=target, policy=name, before=EVERYTHING, after=NOTHING)
    fix = Fix(id="f", title="t", layer=layer, applicability="machine_applicable", changes=(edit,))
    held = [{"name": name, "policy": EVERYTHING} | ({"arn": arn} if arn else {})]
    policies = {layer: [{"target": target, "policies": held}] if layer == "scp" else held}
    read = hcl2.loads(iac.render("terraform", fix, {"policies": policies}))
    block = read["import"][0]
    assert text(block["id"]) == wanted, f"{PAGE}{kind.removeprefix('aws_')}#import"
    assert block["to"].strip("${}").startswith(f"{kind}.")


def test_every_resource_that_terraform_makes_has_its_import_tested():
    assert {kind for kind, _, _ in terraform.RESOURCES.values()} - {"aws_iam_group_policy"} == set(IMPORTS)


def test_a_resource_control_policy_says_its_type():
    edit = PolicyEdit(layer="rcp", target="r-ab12", policy="Perimeter", before=EVERYTHING, after=NOTHING)
    fix = Fix(id="f", title="t", layer="rcp", applicability="maybe_incorrect", changes=(edit,))
    assert 'type    = "RESOURCE_CONTROL_POLICY"' in iac.render("terraform", fix, {})


FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders"
INVOKE = {
    "Sid": "undeny",
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": FUNCTION,
    "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}, "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::uploads"}},
}


def permissions(before, *statements):
    after = {"Version": "2012-10-17", "Statement": [*(before or {}).get("Statement", []), *statements]}
    edit = PolicyEdit(layer="resource", target=FUNCTION, policy=None, before=before, after=after)
    written = iac.render("terraform", Fix(id="f", title="t", layer="resource", applicability="machine_applicable", changes=(edit,)), {})
    held = [one for block in hcl2.loads(written).get("resource", []) for one in block.get('"aws_lambda_permission"', {}).values()]
    return written, [{name: text(value) for name, value in one.items() if isinstance(value, str)} for one in held]


def test_a_new_statement_of_a_function_is_a_permission():
    _, made = permissions({"Version": "2012-10-17", "Statement": [{**INVOKE, "Sid": "old"}]}, INVOKE)
    assert made == [
        {
            "statement_id": "undeny",
            "action": "lambda:InvokeFunction",
            "principal": "s3.amazonaws.com",
            "function_name": "orders",
            "source_account": ACCOUNT,
            "source_arn": "arn:aws:s3:::uploads",
        }
    ]


def test_an_alias_of_the_function_is_its_qualifier():
    assert permissions(None, {**INVOKE, "Resource": f"{FUNCTION}:live"})[1][0]["qualifier"] == "live"


@pytest.mark.parametrize(
    "statement",
    [
        {**INVOKE, "Effect": "Deny"},
        {**INVOKE, "Action": ["lambda:InvokeFunction", "lambda:GetFunction"]},
        {**INVOKE, "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}},
    ],
    ids=["deny", "two actions", "another condition"],
)
def test_a_statement_that_no_permission_can_say_stands_whole_in_a_comment(statement):
    written, made = permissions(None, statement)
    assert made == []
    comment = "\n".join(line[2:] for line in written.splitlines() if line.startswith("# "))
    assert json.loads(comment[comment.index("{") :])["Statement"] == [statement]
