"""The formats of explain and the options of fix as users run them: in a browser, in GitHub Actions, in a scanner, on the user's own code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
ACCOUNT = "210987654321"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::payroll-eu"}],
}
SCENARIO = {
    "id": "x",
    "text": "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
    "request": {
        "principal": f"arn:aws:iam::{ACCOUNT}:role/Payroll",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::payroll-eu/2026/nov.csv",
        "resource_account": ACCOUNT,
    },
    "policies": {
        "identity": [{"name": "ReadsPayroll", "policy": POLICY}],
        "boundary": None,
        "session": None,
        "resource": None,
        "endpoint": None,
        "scp": [],
        "rcp": [],
    },
}
IAM = """\
resource "aws_iam_role_policy" "reads" {
  name = "ReadsPayroll"
  role = "Payroll"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "arn:aws:s3:::payroll-eu" # all of it?
      },
    ]
  })
}
"""


@pytest.fixture
def project(tmp_path):
    where = tmp_path / "repository"
    (where / "infra").mkdir(parents=True)
    (where / "infra" / "iam.tf").write_text(IAM)
    (where / "denial.json").write_text(json.dumps(SCENARIO))
    return where


def test_the_patch_of_fix_in_applies_with_git_and_with_patch(undeny, project):
    made = undeny("fix", "denial.json", "--in", "infra", "--number", "2", cwd=project)
    assert (made.returncode, made.stderr.splitlines()[0]) == (
        0,
        "changed  aws_iam_role_policy.reads  iam.tf:12  inline policy ReadsPayroll of Payroll",
    )
    assert made.stderr.splitlines()[-1] == "apply    undeny fix --in infra --number 2 | patch -p1 -d infra"
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    for command in (["git", "apply", "--check"], ["patch", "-p1", "-s"]):
        subprocess.run(command, cwd=project / "infra", input=made.stdout, text=True, check=True)
    written = (project / "infra" / "iam.tf").read_text()
    assert re.search(r'Resource = .*"arn:aws:s3:::payroll-eu/\*".* # all of it\?\n', written)


def test_the_last_line_of_fix_in_works_as_printed(undeny, project, tmp_path):
    undeny("explain", "denial.json", cwd=project)
    made = undeny("fix", "--in", "infra", cwd=project)
    line = made.stderr.splitlines()[-1].removeprefix("apply").strip()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-c", line], cwd=project, env={**os.environ, "PATH": path, "UNDENY_HOME": str(tmp_path / "home")}, check=True, capture_output=True
    )  # fmt: skip
    assert "payroll-eu/2026/nov.csv" in (project / "infra" / "iam.tf").read_text()


def test_what_is_not_in_the_code_is_said_with_the_import(undeny, project):
    (project / "infra" / "iam.tf").write_text('resource "aws_iam_role" "other" {\n  name = "Other"\n}\n')
    made = undeny("fix", "denial.json", "--in", "infra", cwd=project)
    assert made.returncode == 1
    assert "missing  inline policy ReadsPayroll of Payroll: it is not in this code" in made.stderr
    assert 'id = "Payroll:ReadsPayroll"' in made.stdout
    shutil.rmtree(project / "infra")
    (project / "infra").mkdir()
    (project / "infra" / "template.yaml").write_text("Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n")
    made = undeny("fix", "denial.json", "--in", "infra", cwd=project)
    assert json.loads(made.stdout)["Resources"]["PayrollReadsPayroll"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize(("folder", "says"), [("nowhere", "no such folder"), ("denial.json", "is no folder"), ("empty", "holds neither")])
def test_a_wrong_folder_is_one_line_and_exit_2(undeny, project, folder, says):
    (project / "empty").mkdir()
    made = undeny("fix", "denial.json", "--in", folder, cwd=project)
    assert (made.returncode, made.stdout) == (2, "")
    assert says in made.stderr.splitlines()[0]


def test_fix_out_writes_the_patch_beside_the_fix(undeny, project):
    made = undeny("fix", "denial.json", "--in", "infra", "--as", "terraform", "--out", "out", cwd=project)
    assert made.returncode == 0
    assert {"fix-1.json", "fix-1.tf", "fix-1.patch"} <= {p.name for p in (project / "out").iterdir()}
    assert json.loads((project / "out" / "fix-1.json").read_text())["undeny"] == 1


def test_the_patch_as_json_says_where(undeny, project):
    held = json.loads(undeny("fix", "denial.json", "--in", "infra", "--format", "json", cwd=project).stdout)
    assert held["placed"][0]["path"] == "iam.tf"
    assert held["patch"].startswith("--- a/iam.tf")


@pytest.mark.parametrize(
    "command",
    [
        ("explain", "denial.json"), ("explain", "denial.json", "--format", "json"), ("explain", "denial.json", "--format", "markdown"),
        ("explain", "denial.json", "--format", "html"), ("explain", "denial.json", "--format", "github"), ("fix", "denial.json"),
        ("fix", "denial.json", "--format", "json"), ("fix", "denial.json", "--as", "terraform"), ("fix", "denial.json", "--as", "boto3"),
        ("fix", "denial.json", "--as", "cli"), ("fix", "denial.json", "--as", "cloudformation"), ("parse", "denial.json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_redacted_output_holds_no_account_and_no_name(undeny, project, command):
    made = undeny(*command, "--redact", cwd=project)
    assert made.returncode in (0, 2 if command[0] == "parse" else 0)
    assert not re.search(f"{ACCOUNT}|[Pp]ayroll|nov[.]csv", made.stdout)
    assert made.stdout


def test_annotations_point_at_the_line_and_the_summary_is_appended(undeny, project):
    summary = project / "summary.md"
    summary.write_text("before\n")
    made = undeny(
        "explain", "denial.json", "--format", "github", "--in", "infra", cwd=project, environ={"GITHUB_STEP_SUMMARY": str(summary)}
    )  # fmt: skip
    assert made.stdout.startswith("::error file=infra/iam.tf,line=12,title=denied[wrong-resource-arn]::")
    assert summary.read_text().startswith("before\n## denied[wrong-resource-arn]")


def test_sarif_needs_a_folder_and_applies_as_it_says(undeny, project):
    assert undeny("explain", "denial.json", "--format", "sarif", cwd=project).returncode == 2
    log = json.loads(undeny("explain", "denial.json", "--format", "sarif", "--in", "infra", cwd=project).stdout)
    change = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]
    path = project / change["artifactLocation"]["uri"]
    lines = path.read_text().splitlines(keepends=True)
    for one in reversed(change["replacements"]):
        region = one["deletedRegion"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        changed = line[: region["startColumn"] - 1] + one["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
        lines[region["startLine"] - 1] = changed
    assert 'Resource = ["arn:aws:s3:::payroll-eu", "arn:aws:s3:::payroll-eu/2026/nov.csv"] # all of it?' in "".join(lines)


# ---- the action


def run_action(project, tmp_path, **inputs):
    """Run the steps of action.yml as a runner does, except the one that installs: what is installed here is what is tested."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    values = {name: held.get("default", "") for name, held in action["inputs"].items()} | inputs
    files = {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
    said = ""
    for step in action["runs"]["steps"]:
        if step["name"] == "Install undeny":
            continue
        env = {name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: values[m[1]], text) for name, text in step["env"].items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "UNDENY_"))}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        made = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=project,
            env=clean | env | {n: str(f) for n, f in files.items()} | {"PATH": path, "UNDENY_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        said += made.stdout
    return said, files["GITHUB_OUTPUT"].read_text(), files["GITHUB_STEP_SUMMARY"]


def test_the_action_annotates_summarises_and_writes_sarif(project, tmp_path):
    said, outputs, summary = run_action(project, tmp_path, source="denial.json", sarif="out file.sarif", **{"in": "infra"})
    assert "::error file=infra/iam.tf,line=12," in said
    assert outputs.splitlines() == ["found=true", "sarif=out file.sarif"]
    assert json.loads((project / "out file.sarif").read_text())["version"] == "2.1.0"
    assert summary.read_text().startswith("## denied[")


def test_the_action_says_nothing_of_a_log_without_a_denial(project, tmp_path):
    (project / "log.txt").write_text("Apply complete! Resources: 1 added, 0 changed, 0 destroyed.\n")
    said, outputs, _ = run_action(project, tmp_path, source="log.txt")
    assert (said, outputs.strip()) == ("", "found=false")


def test_every_input_of_the_action_is_used_and_reaches_the_shell_as_a_variable():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    text = (ROOT / "action.yml").read_text()
    for name in action["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in text
    assert all("${{" not in step["run"] for step in action["runs"]["steps"])


# ---- the page in a browser


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: the page is not looked at in a browser")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_page_stands_alone_and_fits_the_screen(undeny, project, tmp_path, width, scheme):
    from playwright.sync_api import sync_playwright

    page = tmp_path / "page.html"
    page.write_text(undeny("explain", "denial.json", "--format", "html", cwd=project).stdout)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        asked, problems = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: problems.append(message.text))
        tab.goto(page.as_uri())
        assert asked == [page.as_uri()]
        assert problems == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.inner_text("h1").startswith("denied[wrong-resource-arn] ")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(15, 20, 25)" if scheme == "dark" else "rgb(255, 255, 255)"
        )
        assert not tab.is_visible("details li")
        tab.click("summary")
        assert tab.is_visible("details li")
        assert tab.get_by_role("heading", level=2).count() >= 3
        browser.close()


# ---- owners, and denials that come back


def test_a_message_for_an_owner_is_redacted_alike(undeny, project):
    made = undeny("fix", "denial.json", "--for-owner", ACCOUNT, cwd=project)
    assert made.stdout.startswith("Subject: ")
    assert "The change to the identity policy ReadsPayroll" in made.stdout
    hidden = undeny("fix", "denial.json", "--for-owner", "identity", "--redact", "--format", "markdown", cwd=project)
    assert hidden.stdout.startswith("# ")
    assert not re.search(f"{ACCOUNT}|[Pp]ayroll", hidden.stdout)
    assert undeny("fix", "denial.json", "--for-owner", "scp", cwd=project).returncode == 2


def test_at_the_third_time_fix_leads_with_the_code(undeny, project):
    for name in ("A", "B", "C"):
        held = {**SCENARIO, "text": f"{SCENARIO['text']} (Service: S3, Status Code: 403, Request ID: 7F2KQ0XWJ8{name})"}
        (project / "again.json").write_text(json.dumps(held))
        made = undeny("fix", "again.json", cwd=project)
        assert ("this denial was met 3 times" in made.stdout.splitlines()[0]) is (name == "C")
    assert made.stdout.index('resource "aws_iam_role_policy"') < made.stdout.index("denied[wrong-resource-arn]")


SENTENCE = (
    "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::210987654321:assumed-role/Payroll/i-0abc is not "
    'authorized to perform: s3:GetObject on resource: "arn:aws:s3:::other/a.json" because no identity-based policy allows the s3:GetObject action'
)


def test_a_message_alone_gives_a_patch_that_says_it_is_not_proved_and_none_with_open_ends(undeny, project):
    (project / "infra" / "role.tf").write_text('resource "aws_iam_role" "payroll" {\n  name = "Payroll"\n}\n')
    made = undeny("fix", SENTENCE, "--in", "infra", cwd=project)
    assert made.returncode == 0
    assert made.stderr.startswith("warning[not-proved]")
    assert "role = aws_iam_role.payroll.name" in made.stdout
    bare = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    made = undeny("fix", bare, "--in", "infra", cwd=project)
    assert (made.returncode, made.stdout) == (4, "")
    assert "error[has-placeholders]: the text does not say everything that this fix needs: `<ARN of the role or user>`" in made.stderr


def test_options_that_contradict_each_other_are_told(undeny, project):
    for options in (("--in", "infra", "--as", "terraform"), ("--in", "infra", "--redact")):
        made = undeny("fix", "denial.json", *options, cwd=project)
        assert (made.returncode, made.stdout) == (2, "")
        assert made.stderr.startswith("error[usage]")


def test_explain_in_says_where_in_the_code(undeny, project):
    made = undeny("explain", "denial.json", "--in", "infra", cwd=project)
    assert made.stdout.splitlines()[-2:] == [
        "in your code  infra/iam.tf:12  aws_iam_role_policy.reads: inline policy ReadsPayroll of Payroll",
        "as a patch    undeny fix --in infra",
    ]
