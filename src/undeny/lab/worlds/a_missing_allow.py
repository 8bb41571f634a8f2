"""A role that may list a bucket, and reads an object of it."""

from undeny.lab.server import Lab
from undeny.lab.worlds import Story, _furniture

TITLE = "Nobody allowed it"
TEXT = (
    "Role App may list the bucket of orders; its code now reads an object too. No policy of the role allows s3:GetObject there, so S3 "
    "refuses. One statement in the role's own policy lets exactly that object's prefix through."
)


def seed(lab: Lab) -> Story:
    """Make account, role, bucket and object."""
    account = lab.add_account("orders")
    name = f"orders-{account}"
    base = _furniture.document(_furniture.allow("ListOrders", "s3:ListBucket", f"arn:aws:s3:::{name}"))
    role = _furniture.role(lab, account, "App", {"AppBase": base})
    _furniture.bucket(lab, account, name, {"2026/11/orders.csv": b"id,total\n1,9.90\n"})
    s3 = lab.session(role).client("s3")
    return Story(
        title=TITLE,
        text=TEXT,
        code=f's3.get_object(Bucket="{name}", Key="2026/11/orders.csv")',
        principal=role,
        resource=f"arn:aws:s3:::{name}/2026/11/orders.csv",
        account=account,
        region=lab.region,
        call=lambda: s3.get_object(Bucket=name, Key="2026/11/orders.csv"),
        readers={account: _furniture.reader(lab, account)},
        owners={account: _furniture.owner(lab, account)},
    )
