"""EFS: a file system's policy and its key."""

from undeny.aws.reader import Reader
from undeny.evidence.model import Gap, Resource
from undeny.iam.arn import Arn

SERVICE = "elasticfilesystem"
_API = "https://docs.aws.amazon.com/efs/latest/ug/API_"
PERMISSIONS = {
    "elasticfilesystem:DescribeFileSystemPolicy": ("the file system's policy", f"{_API}DescribeFileSystemPolicy.html"),
    "elasticfilesystem:DescribeFileSystems": ("the file system's key", f"{_API}DescribeFileSystems.html"),
}
_KEPT = ("Encrypted", "KmsKeyId", "LifeCycleState", "Name")


def thing(arn: Arn) -> str | None:
    """Give the file system."""
    return str(arn) if arn.resource_type == "file-system" and "*" not in arn.resource else None


def read(reader: Reader, arn: Arn) -> Resource:
    """Read a file system."""
    text, region, name = str(arn), arn.region, arn.name
    found = reader.call(
        "efs",
        "describe_file_systems",
        action="elasticfilesystem:DescribeFileSystems",
        what=f"key of {text}",
        none=("FileSystemNotFound",),
        region=region,
        FileSystemId=name,
    )
    if found is None:
        return Resource(arn=text, policy=None, exists=False)
    held = found["FileSystems"][0] if isinstance(found, dict) and found.get("FileSystems") else {}
    settings = {key: held[key] for key in _KEPT if held.get(key) is not None}
    answer = reader.call(
        "efs",
        "describe_file_system_policy",
        action="elasticfilesystem:DescribeFileSystemPolicy",
        what=f"resource policy of {text}",
        none=("PolicyNotFound",),
        region=region,
        FileSystemId=name,
    )
    if isinstance(answer, Gap):
        return Resource(arn=text, policy=answer, settings=settings, exists=True if settings else None)
    policy = reader.policy("file system policy", answer["Policy"], attached_to=text) if answer else None
    return Resource(arn=text, policy=policy, settings=settings, exists=True)
