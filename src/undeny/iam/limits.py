"""How long AWS lets a policy be, in characters as `write.size` counts them: the defaults of a new account, some raised on request."""

from collections.abc import Mapping

LENGTHS: Mapping[str, int] = {
    # all inline policies of one user, role or group together; a managed policy (`identity`); a role's trust policy:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
    "user": 2048, "role": 10240, "group": 5120, "identity": 6144, "boundary": 6144, "session": 2048, "trust": 2048,
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (SCP since 2026-05-15)
    "scp": 10240, "rcp": 5120,
    # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    "endpoint": 20480,
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
    "resource": 20480,
    # https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
    "kms": 32768,
}  # fmt: skip
