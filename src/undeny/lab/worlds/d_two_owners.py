"""An object in another account, encrypted under that account's own key."""

import json

from undeny.lab import state
from undeny.lab.server import Lab
from undeny.lab.worlds import Story, _furniture

TITLE = "Two accounts, two owners"
TEXT = (
    "Role Reader may read the object in the other account, and that account's bucket lets it; but the object is encrypted under that "
    "account's own key. S3 decrypts it for the caller, and neither the role's policies nor the key's let the role decrypt. Both owners "
    "have to act: the role needs kms:Decrypt, the key's policy has to name the role. S3 says only Access Denied."
)


def seed(lab: Lab) -> Story:
    """Make two accounts: role here; bucket, key and object there."""
    here, there = lab.add_account("analytics"), lab.add_account("datahub")
    name = f"shared-data-{there}"
    reads = _furniture.document(_furniture.allow("ReadShared", "s3:GetObject", f"arn:aws:s3:::{name}/*"))
    role = _furniture.role(lab, here, "Reader", {"ReaderReadsShared": reads})
    _share(lab, there, name, role)
    s3 = lab.session(role).client("s3")
    return Story(
        title=TITLE,
        text=TEXT,
        code=f's3.get_object(Bucket="{name}", Key="x")',
        principal=role,
        resource=f"arn:aws:s3:::{name}/x",
        account=here,
        region=lab.region,
        call=lambda: s3.get_object(Bucket=name, Key="x"),
        readers={account: _furniture.reader(lab, account) for account in (here, there)},
        owners={account: _furniture.owner(lab, account) for account in (here, there)},
    )


def _share(lab: Lab, account: str, name: str, role: str) -> None:
    maker = lab.maker(account)
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    delegates = _furniture.allow("OwnAccount", "kms:*", "*", Principal=root)
    key = maker.client("kms").create_key(Description="shared data", Policy=json.dumps(_furniture.document(delegates)))
    state.key(key["KeyMetadata"]["Arn"], account, lab.region).creation_date -= _furniture.AGE.total_seconds()
    _furniture.bucket(lab, account, name)
    s3 = maker.client("s3")
    lets_in = _furniture.allow("AnalyticsReads", "s3:GetObject", f"arn:aws:s3:::{name}/*", Principal={"AWS": role})
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(_furniture.document(lets_in)))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["KeyMetadata"]["Arn"]}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=name, Key="x", Body=b"shared", ServerSideEncryption="aws:kms", SSEKMSKeyId=key["KeyMetadata"]["Arn"])
