"""Which definition a policy is: by names, by state, by what it says; never a guess, and where it is not in the code that is said."""

import copy
import json
import subprocess

import hcl2
import pytest
from cfnlint import ConfigMixIn
from cfnlint.runner import Runner

from undeny.emit.source import folder, patch
from undeny.errors import UndenyError
from undeny.fix.model import Fix, PolicyEdit

ACCOUNT = "210987654321"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-invoices/in/*"}],
}
AFTER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::shop-invoices/in/*"}],
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Worker"
TF_POLICY = 'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shop-invoices/in/*" }] })'


def code(tmp_path, **files):
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_tf", ".tf").replace("_yaml", ".yaml").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def patched(where, *, target=ROLE, policy="read", layer="identity", before=DOCUMENT, after=AFTER, arn=None):  # noqa: PLR0913 - what a case differs in
    edit = PolicyEdit(layer=layer, target=target, policy=policy, before=before, after=after)
    fix = Fix(id="f", title="t", layer=layer, applicability="machine_applicable", changes=(edit,))
    scenario = {"policies": {"identity": [{"name": policy, "arn": arn, "policy": before}]}} if arn else {}
    return patch.patched(fix, scenario, where)


def role_policy(name, role, label="this", document=TF_POLICY):
    return f'resource "aws_iam_role_policy" "{label}" {{\n  name   = {name}\n  role   = {role}\n  policy = {document}\n}}\n'


def test_a_policy_of_another_role_or_name_is_not_it(tmp_path):
    where = code(tmp_path, main_tf=role_policy('"read"', '"Other"', "a") + role_policy('"write"', '"Worker"', "b"))
    made = patched(where)
    assert (made.diff, made.missing[0].why) == ("", "it is not in this code")


def test_two_definitions_that_could_be_it_are_both_named_and_neither_is_changed(tmp_path):
    where = code(tmp_path, a_tf=role_policy("var.a", "var.role", "a"), b_tf=role_policy("var.b", "var.role", "b"))
    made = patched(where)
    assert made.diff == ""
    assert made.missing[0].candidates == ("aws_iam_role_policy.a (a.tf:4)", "aws_iam_role_policy.b (b.tf:4)")


def test_a_name_that_is_known_decides_between_two(tmp_path):
    where = code(tmp_path, a_tf=role_policy("var.a", "var.role", "a"), b_tf=role_policy('"read"', "var.role", "b"))
    assert [one.address for one in patched(where).placed] == ["aws_iam_role_policy.b"]


def test_the_state_tells_the_names_that_the_code_does_not(tmp_path):
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {
            "root_module": {
                "resources": [
                    {"address": "aws_iam_role_policy.a", "values": {"name": "read", "role": "Other"}},
                    {"address": "aws_iam_role_policy.b", "values": {"name": "read", "role": "Worker"}},
                ]
            }
        },
    }
    where = code(
        tmp_path, a_tf=role_policy("var.a", "var.role", "a"), b_tf=role_policy("var.b", "var.role", "b"), shown_json=json.dumps(state)
    )
    assert [one.address for one in patched(where).placed] == ["aws_iam_role_policy.b"]


def test_a_state_file_tells_them_too(tmp_path):
    instances = [{"attributes": {"name": "read", "role": "Worker"}}]
    resources = [{"mode": "managed", "type": "aws_iam_role_policy", "name": "b", "instances": instances}]
    state = {"version": 4, "terraform_version": "1.11.4", "resources": resources}
    where = code(tmp_path, a_tf=role_policy("var.a", "var.role", "a"), b_tf=role_policy("var.b", "var.role", "b"))
    (where / "terraform.tfstate").write_text(json.dumps(state))
    assert [one.address for one in patched(where).placed] == ["aws_iam_role_policy.b"]


def test_code_that_says_something_else_than_aws_holds_is_not_patched(tmp_path):
    where = code(tmp_path, main_tf=role_policy('"read"', '"Worker"'))
    before = copy.deepcopy(DOCUMENT)
    before["Statement"][0]["Action"] = "s3:DeleteObject"
    made = patched(where, before=before)
    assert made.diff == ""
    assert made.missing[0].why.startswith("aws_iam_role_policy.this (main.tf:4) defines it, but says something else than AWS holds")


def test_a_document_that_is_made_elsewhere_is_said(tmp_path):
    where = code(tmp_path, main_tf=role_policy('"read"', '"Worker"', document="module.policies.read"))
    assert patched(where).missing[0].why == (
        "aws_iam_role_policy.this (main.tf:4) defines it, but its document is `module.policies.read`, which is not in this code"
    )


def test_a_part_that_cannot_be_seen_is_never_changed(tmp_path):
    document = 'jsonencode({ Version = "2012-10-17", Statement = concat(local.a, local.b) })'
    where = code(tmp_path, main_tf=role_policy('"read"', '"Worker"', document=document))
    with pytest.raises(UndenyError) as told:
        patched(where)
    assert told.value.message.startswith("`main.tf` line 4: `concat(local.a, local.b)` would have to change")


def test_the_variable_of_a_pipeline_may_be_another_than_its_default(tmp_path):
    text = 'variable "env" { default = "dev" }\n' + role_policy('"read"', '"Worker"').replace("shop-invoices", "shop-${var.env}")
    made = patched(code(tmp_path, main_tf=text))
    assert 'Action = ["s3:GetObject", "s3:PutObject"]' in made.diff
    assert '"arn:aws:s3:::shop-${var.env}/in/*"' in made.diff


def test_unreadable_hcl_is_named_with_its_line_and_the_rest_is_read(tmp_path):
    where = code(tmp_path, main_tf=role_policy('"read"', '"Worker"'), broken_tf='resource "x" "y" {\n  a = [1, 2\n')
    made = patched(where)
    assert made.placed
    assert made.unread == ("`broken.tf` line 3 cannot be read as HCL: `,` or `]` was expected",)


@pytest.mark.parametrize("name", ["", "empty", "file.txt"])
def test_a_wrong_folder_is_one_clear_line(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(UndenyError) as told:
        patched(tmp_path / (name or "none"))
    assert told.value.code in ("no-such-folder", "no-code")


# ---- a new policy


NEW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::shop-invoices/in/*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
}  # fmt: skip


def test_a_new_policy_stands_beside_its_role_and_refers_to_it(tmp_path):
    role = 'resource "aws_iam_role" "worker" {\n  name               = "Worker"\n  assume_role_policy = "{}"\n}\n'
    bucket = 'resource "aws_s3_bucket" "invoices" {\n  bucket = "shop-invoices"\n}\n'
    where = code(tmp_path, main_tf=role + "\n# the bucket\n" + bucket)
    made = patched(where, policy="undeny-s3-GetObject", before=None, after=NEW)
    subprocess.run(["patch", "-p1", "-s", "-d", str(where)], input=made.diff, text=True, check=True)
    text = (where / "main.tf").read_text()
    assert text.index("aws_iam_role_policy") < text.index("# the bucket")
    assert "role = aws_iam_role.worker.name" in text
    assert '"${aws_s3_bucket.invoices.arn}/in/*"' in text
    hcl2.loads(text)
    again = folder.read(folder.texts(where))
    assert "aws_iam_role_policy.undeny_s3_getobject" in {one.address for one in again.definitions}


@pytest.mark.parametrize(
    ("kind", "argument", "target", "made"),
    [
        ("aws_s3_bucket", 'bucket = "shop"', "arn:aws:s3:::shop", "bucket = aws_s3_bucket.this.id"),
        ("aws_sqs_queue", 'name = "shop"', f"arn:aws:sqs:eu-west-1:{ACCOUNT}:shop", "queue_url = aws_sqs_queue.this.url"),
        ("aws_sns_topic", 'name = "shop"', f"arn:aws:sns:eu-west-1:{ACCOUNT}:shop", "arn = aws_sns_topic.this.arn"),
        ("aws_dynamodb_table", 'name = "shop"', f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/shop", "resource_arn = aws_dynamodb_table.this.arn"),
        ("aws_ecr_repository", 'name = "shop"', f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop", "repository = aws_ecr_repository.this.name"),
    ],
)  # fmt: skip
def test_a_new_policy_of_a_thing_refers_to_the_thing(tmp_path, kind, argument, target, made):
    where = code(tmp_path, main_tf=f'resource "{kind}" "this" {{\n  {argument}\n}}\n')
    after = {**NEW, "Statement": [{**NEW["Statement"][0], "Principal": {"AWS": ROLE}, "Resource": target}]}
    written = patched(where, layer="resource", target=target, policy=None, before=None, after=after)
    assert written.missing == ()
    assert f"+  {made}" in written.diff


def test_a_new_policy_of_a_role_made_several_times_or_not_in_the_code_is_not_written(tmp_path):
    several = 'resource "aws_iam_role" "worker" {\n  count = 2\n  name = "Worker"\n}\n'
    assert "is made several times: count" in patched(code(tmp_path, main_tf=several), before=None, after=NEW).missing[0].why
    assert (
        "Other is not in this code" in patched(tmp_path, target=f"arn:aws:iam::{ACCOUNT}:role/Other", before=None, after=NEW).missing[0].why
    )


TEMPLATE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: Worker
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]
  # what is below stays below
  Topic:
    Type: AWS::SNS::Topic
"""


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_new_policy_in_a_template_is_clean_to_cfn_lint(tmp_path, form):
    import yaml

    text = TEMPLATE if form == "yaml" else json.dumps(yaml.safe_load(TEMPLATE), indent=2) + "\n"
    (tmp_path / f"template.{form}").write_text(text)
    made = patched(tmp_path, policy="undeny-s3-GetObject", before=None, after=NEW)
    subprocess.run(["patch", "-p1", "-s", "-d", str(tmp_path)], input=made.diff, text=True, check=True)
    path = tmp_path / f"template.{form}"
    matches = Runner(ConfigMixIn(["--template", str(path), "--"], regions=["us-east-1"])).run()
    assert [str(m) for m in matches if m.rule.id.startswith("E")] == []
    held = yaml.load(path.read_text().replace("!Ref ", "REF-"), Loader=yaml.SafeLoader)["Resources"]["UndenyS3GetObject"]
    assert held["Properties"]["PolicyDocument"] == NEW
    assert held["Properties"]["RoleName"] in ("REF-Role", {"Ref": "Role"})
    assert form == "json" or path.read_text().index("UndenyS3GetObject") < path.read_text().index("# what is below")


def test_cdk_output_is_patched_and_its_construct_named(tmp_path):
    from test_emit_source_patch import CODE, HELD, fix_of

    name, layer, target, policy, _, before = HELD["CDK"]
    after = copy.deepcopy(before)
    after["Statement"][0]["Action"].append("sqs:GetQueueUrl")
    made = patch.patched(fix_of(layer, target, policy, before, after), {}, CODE / name)
    assert '+        "sqs:GetQueueUrl"' in made.diff
    assert made.placed[0].notes == (
        "CDK writes this template anew with every synth: make the change in the app that makes it",
        "its construct is AppStack/Worker/ServiceRole/DefaultPolicy/Resource",
    )


FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:orders"
INVOKE = {
    "Sid": "uploads",
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": FUNCTION,
    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::uploads"}},
}


@pytest.mark.parametrize("there", [None, {"Version": "2012-10-17", "Statement": [{**INVOKE, "Sid": "old"}]}], ids=["none yet", "one more"])
def test_a_new_statement_of_a_function_is_a_permission_beside_it(tmp_path, there):
    where = code(tmp_path, main_tf='resource "aws_lambda_function" "orders" {\n  function_name = "orders"\n}\n\n# below\n')
    after = {"Version": "2012-10-17", "Statement": [*(there or {}).get("Statement", []), INVOKE]}
    made = patched(where, layer="resource", target=FUNCTION, policy=None, before=there, after=after)
    subprocess.run(["patch", "-p1", "-s", "-d", str(where)], input=made.diff, text=True, check=True)
    written = (where / "main.tf").read_text()
    assert "function_name = aws_lambda_function.orders.function_name" in written
    assert 'source_arn    = "arn:aws:s3:::uploads"' in written
    hcl2.loads(written)
    assert [one.address for one in made.placed] == ["aws_lambda_permission.orders_uploads"]


def test_a_service_control_policy_is_found_by_its_content_where_only_its_id_is_known(tmp_path):
    content = 'resource "aws_organizations_policy" "lock" {\n  name    = "RegionLock"\n  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "s3:DeleteBucketPolicy", Resource = "*" }] })\n}\n'
    before = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucketPolicy", "Resource": "*"}]}
    after = {
        "Version": "2012-10-17",
        "Statement": [{**before["Statement"][0], "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}}],
    }
    where = code(tmp_path, main_tf=content)
    made = patched(where, layer="scp", target="ou-ab12-11111111", policy="p-1234abcd", before=before, after=after)
    assert [one.address for one in made.placed] == ["aws_organizations_policy.lock"]
    other = patched(where, layer="scp", target="ou-ab12-11111111", policy="OtherLock", before=before, after=after)
    assert other.placed == ()


def test_the_role_of_a_permission_set_is_changed_in_the_set(tmp_path):
    text = f'resource "aws_ssoadmin_permission_set_inline_policy" "dev" {{\n  permission_set_arn = "x"\n  instance_arn       = "y"\n  inline_policy      = {TF_POLICY}\n}}\n'
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"
    made = patched(code(tmp_path, main_tf=text), target=role, policy="AwsSSOInlinePolicy")
    assert [one.address for one in made.placed] == ["aws_ssoadmin_permission_set_inline_policy.dev"]


def test_a_setting_is_said_to_be_none_of_the_policies(tmp_path):
    from undeny.fix.model import SettingEdit

    edit = SettingEdit(target="arn:aws:s3:::shop", operation="s3:PutPublicAccessBlock", before={}, after={})
    fix = Fix(id="f", title="t", layer="resource", applicability="maybe_incorrect", changes=(edit,))
    made = patch.patched(fix, {}, code(tmp_path, main_tf=role_policy('"read"', '"Worker"')))
    assert made.missing[0].why.startswith("it is a setting, not a policy")


def test_a_module_outside_of_the_folder_is_named(tmp_path):
    inside = 'module "app" {\n  source = "../modules/app"\n}\n'
    where = code(tmp_path / "envs", main_tf=inside, modules__app__main_tf=role_policy('"read"', '"Worker"'))
    made = patched(where)
    assert made.unread == (
        "module.app (`main.tf` line 1) is in `../modules/app`, outside of this folder: name a folder above both with --in",
    )
    assert [one.address for one in made.placed] == ["aws_iam_role_policy.this"]  # a root of its own, and not that module


def test_a_file_that_is_no_text_is_said(tmp_path):
    where = code(tmp_path, main_tf=role_policy('"read"', '"Worker"'))
    (where / "latin.tf").write_bytes(b"# caf\xe9\n")
    assert patched(where).unread == ("`latin.tf` is not UTF-8",)
