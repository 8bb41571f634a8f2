"""A role that may write only what is encrypted with KMS, and sends AES256."""

from undeny.lab.server import Lab
from undeny.lab.worlds import Story, _furniture

TITLE = "Allowed, but on a condition"
TEXT = (
    "Role App may put objects into the bucket of logs if they are encrypted with aws:kms; its code asks for AES256. The allow is there "
    "and its condition fails. The call should send aws:kms; to accept AES256 as well would weaken what the policy's author wanted."
)


def seed(lab: Lab) -> Story:
    """Make account, role and bucket."""
    account = lab.add_account("logging")
    name = f"logs-{account}"
    condition = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    writes = _furniture.document(
        _furniture.allow("ListLogs", "s3:ListBucket", f"arn:aws:s3:::{name}"),
        _furniture.allow("WriteEncrypted", "s3:PutObject", f"arn:aws:s3:::{name}/*", Condition=condition),
    )
    role = _furniture.role(lab, account, "App", {"AppWritesLogs": writes})
    _furniture.bucket(lab, account, name)
    s3 = lab.session(role).client("s3")
    return Story(
        title=TITLE,
        text=TEXT,
        code=f's3.put_object(Bucket="{name}", Key="2026/11/23/app.json", Body=b"{{}}", ServerSideEncryption="AES256")',
        principal=role,
        resource=f"arn:aws:s3:::{name}/2026/11/23/app.json",
        account=account,
        region=lab.region,
        call=lambda: s3.put_object(Bucket=name, Key="2026/11/23/app.json", Body=b"{}", ServerSideEncryption="AES256"),
        mended=lambda: s3.put_object(Bucket=name, Key="2026/11/23/app.json", Body=b"{}", ServerSideEncryption="aws:kms"),
        mended_code=f's3.put_object(Bucket="{name}", Key="2026/11/23/app.json", Body=b"{{}}", ServerSideEncryption="aws:kms")',
        readers={account: _furniture.reader(lab, account)},
        owners={account: _furniture.owner(lab, account)},
    )
