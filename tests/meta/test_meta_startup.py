"""`undeny explain` of a message alone stays light."""

import subprocess
import sys

import pytest

MESSAGE = (
    "An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:iam::111122223333:user/app is not authorized to perform: "
    's3:GetObject on resource: "arn:aws:s3:::logs/a" because no identity-based policy allows the s3:GetObject action'
)
HEAVY = (
    "boto3",
    "botocore",
    "moto",
    "duckdb",
    "undeny.prove.obligations",
    "undeny.prove.containment",
    "undeny.aws",
    "undeny.lab",
    "jinja2",
    "werkzeug",
)


def _loaded(code: str) -> set[str]:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(ran.stdout.split("LOADED ")[1].split())


def test_importing_the_package_loads_none_of_its_rooms():
    loaded = _loaded("import sys, undeny; print('LOADED', *sys.modules)")
    assert {name for name in loaded if name.startswith("undeny.")} == set()


@pytest.mark.parametrize("form", ["text", "json"])
def test_explaining_a_message_loads_neither_boto3_nor_the_prover(form, tmp_path):
    code = (
        "import sys, os\n"
        f"os.environ['UNDENY_HOME'] = {str(tmp_path)!r}\n"
        "from undeny.ui.cli.main import main\n"
        "try:\n"
        f"    main(['explain', '--format', {form!r}, {MESSAGE!r}])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print('LOADED', *sys.modules)\n"
    )
    loaded = _loaded(code)
    assert {name for name in HEAVY if name in loaded} == set()
