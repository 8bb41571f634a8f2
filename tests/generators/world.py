"""What random scenarios are made of: callers, kinds of resource with their actions, and condition keys with values of their type."""

OWN, OTHER = "111122223333", "444455556666"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"

USERS = (f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/team/bob")
SESSIONS = (f"arn:aws:sts::{OWN}:assumed-role/App/i-0abc", f"arn:aws:sts::{OWN}:assumed-role/Ci/run-7")
ROLES = (f"arn:aws:iam::{OWN}:role/App", f"arn:aws:iam::{OWN}:role/deploy/Ci")
FEDERATED = (f"arn:aws:sts::{OWN}:federated-user/bob",)
ROOTS = (f"arn:aws:iam::{OWN}:root",)
LINKED = (
    f"arn:aws:sts::{OWN}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling",
    f"arn:aws:iam::{OWN}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
)
OAI = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE2OAI3"
SERVICES = ("sns.amazonaws.com", "events.amazonaws.com", "cloudtrail.amazonaws.com")
OIDC = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{OWN}:saml-provider/Corp"
PROVIDERS = (OIDC, "cognito-identity.amazonaws.com", "accounts.google.com")

OTHERS = (
    f"arn:aws:iam::{OTHER}:root",
    OTHER,
    f"arn:aws:iam::{OTHER}:role/App",
    f"arn:aws:iam::{OWN}:role/Other",
    f"arn:aws:iam::{OWN}:user/mallory",
    f"arn:aws:sts::{OWN}:assumed-role/App/other",
    "AROAEXAMPLEEXAMPLE123",
)

THINGS = {
    "s3-object": {
        "resources": ("arn:aws:s3:::data/in/a.csv", "arn:aws:s3:::data/home/alice/x y.txt", "arn:aws:s3:::data/new\nline"),
        "actions": ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion"),
        "keys": ("s3:x-amz-acl", "s3:x-amz-server-side-encryption"),
    },
    "s3-access-point": {
        "resources": (f"arn:aws:s3:eu-west-1:{OWN}:accesspoint/reports/object/in/a.csv", f"arn:aws:s3:eu-west-1:{OWN}:accesspoint/reports"),
        "actions": ("s3:GetObject", "s3:PutObject", "s3:ListBucket"),
        "keys": ("s3:DataAccessPointAccount", "s3:prefix"),
    },
    "s3-bucket": {
        "resources": ("arn:aws:s3:::data",),
        "actions": ("s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy"),
        "keys": ("s3:prefix", "s3:max-keys"),
    },
    "sqs": {
        "resources": (f"arn:aws:sqs:eu-west-1:{OWN}:orders", f"arn:aws:sqs:us-east-1:{OWN}:orders-dlq"),
        "actions": ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteQueue"),
        "keys": (),
    },
    "secret": {
        "resources": (f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:app/db-AbCdEf",),
        "actions": ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
        "keys": ("secretsmanager:VersionStage",),
    },
    "instance": {
        "resources": (f"arn:aws:ec2:eu-west-1:{OWN}:instance/i-0123456789abcdef0",),
        "actions": ("ec2:StopInstances", "ec2:TerminateInstances", "ec2:CreateTags"),
        "keys": ("ec2:InstanceType",),
    },
    "user": {
        "resources": (f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/team/bob"),
        "actions": ("iam:CreateAccessKey", "iam:TagUser", "iam:DeleteUser"),
        "keys": ("iam:PolicyARN",),
    },
    "pass-role": {
        "resources": (f"arn:aws:iam::{OWN}:role/App", f"arn:aws:iam::{OTHER}:role/App"),
        "actions": ("iam:PassRole",),
        "keys": ("iam:PassedToService", "iam:AssociatedResourceArn"),
    },
    "nothing": {
        "resources": ("*",),
        "actions": ("s3:ListAllMyBuckets", "ec2:DescribeInstances", "sts:GetCallerIdentity"),
        "keys": (),
    },
    "key": {
        "resources": (f"arn:aws:kms:eu-west-1:{OWN}:key/{KEY_ID}",),
        "actions": ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:ScheduleKeyDeletion", "kms:RetireGrant"),
        "keys": ("kms:ViaService", "kms:CallerAccount", "kms:EncryptionContext:app", "kms:GrantIsForAWSResource"),
    },
    "trust": {
        "resources": (
            f"arn:aws:iam::{OWN}:role/Target",
            f"arn:aws:iam::{OWN}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        ),
        "actions": ("sts:AssumeRole", "sts:TagSession"),
        "keys": ("sts:ExternalId", "sts:RoleSessionName"),
    },
    "saml": {
        "resources": (f"arn:aws:iam::{OWN}:role/Target",),
        "actions": ("sts:AssumeRoleWithSAML",),
        "keys": ("SAML:aud", "SAML:sub"),
    },
    "federation": {
        "resources": (f"arn:aws:iam::{OWN}:role/Target",),
        "actions": ("sts:AssumeRoleWithWebIdentity",),
        "keys": ("token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:aud"),
    },
    "topic": {
        "resources": (f"arn:aws:sns:eu-west-1:{OWN}:events",),
        "actions": ("sns:Publish", "sns:Subscribe"),
        "keys": ("sns:Protocol",),
    },
    "table": {
        "resources": (f"arn:aws:dynamodb:eu-west-1:{OWN}:table/Orders", f"arn:aws:dynamodb:eu-west-1:{OWN}:table/Orders/index/by:day"),
        "actions": ("dynamodb:GetItem", "dynamodb:Query"),
        "keys": ("dynamodb:Attributes", "dynamodb:LeadingKeys"),
    },
}

TAGS = ("aws:PrincipalTag/team", "aws:ResourceTag/team", "aws:RequestTag/Cost", "aws:TagKeys")
COMMON = (
    "aws:SourceIp", "aws:SourceVpce", "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType",
    "aws:username", "aws:userid", "aws:ResourceAccount", "aws:SecureTransport", "aws:ViaAWSService", "aws:PrincipalIsAWSService",
    "aws:CurrentTime", "aws:EpochTime", "aws:RequestedRegion", "aws:PrincipalOrgID", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge",
    "aws:TokenIssueTime", "aws:CalledVia", "aws:UserAgent", "app:Blob", *TAGS,
)  # fmt: skip
MULTIVALUED = ("aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "dynamodb:attributes", "dynamodb:leadingkeys")

TYPES = {
    "ip": ("aws:SourceIp",),
    "bool": (
        "aws:SecureTransport",
        "aws:ViaAWSService",
        "aws:PrincipalIsAWSService",
        "aws:MultiFactorAuthPresent",
        "kms:GrantIsForAWSResource",
    ),
    "date": ("aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"),
    "number": ("aws:MultiFactorAuthAge", "s3:max-keys"),
    "arn": ("aws:PrincipalArn", "aws:SourceArn", "iam:PolicyARN", "iam:AssociatedResourceArn"),
    "binary": ("app:Blob",),
}
TYPE_OF = {key.lower(): kind for kind, keys in TYPES.items() for key in keys}

OPERATORS = {
    "string": ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
    "ip": ("IpAddress", "NotIpAddress"),
    "bool": ("Bool",),
    "date": ("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"),
    "number": (
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
    ),
    "arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
    "binary": ("BinaryEquals",),
}  # fmt: skip

VALUES = {
    "string": ("blue", "Blue", "red", "a b", "b*d", "o-a1b2c3d4e5", "alice", "prod", OWN, OTHER),
    "ip": ("203.0.113.9", "203.0.113.0/24", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::1", "2001:0DB8:0:0::/32", "not-an-ip", "203.0.113.9/24"),
    "bool": ("true", "false", "TRUE", "maybe"),
    "date": (
        "2026-03-02T07:30:00Z", "2026-03-02T09:30:00+02:00", "1772436600", "2026-03-02", "2027-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "never",
    ),
    "number": ("9", "10", "10.0", "3600", "-1", "10abc", "007"),
    "arn": (
        f"arn:aws:iam::{OWN}:role/App", f"arn:aws:iam::{OWN}:user/alice", "arn:aws:iam::*:role/*", f"arn:aws:sns:eu-west-1:{OWN}:events",
        "arn:aws:s3:::pics", "arn:aws:sns:*:events", "arn:aws:*:*:*:*", f"arn:aws:iam::{OWN}:user/team/b?b",
    ),
    "binary": ("QmluYXJ5VmFsdWU=", "QQ==", "no base64!"),
}  # fmt: skip
KEY_VALUES = {
    "aws:requestedregion": ("eu-west-1", "us-east-1", "eu-*"),
    "aws:tagkeys": ("team", "Cost", "env"),
    "aws:calledvia": ("athena.amazonaws.com", "cloudformation.amazonaws.com"),
    "aws:principaltype": ("User", "AssumedRole", "Account"),
    "aws:sourcevpce": ("vpce-1a2b", "vpce-9z9z"),
    "aws:sourceaccount": (OWN, OTHER),
    "aws:userid": ("AROAEXAMPLE:i-0abc", f"{OWN}:bob", OWN, "AIDAEXAMPLE"),
    "s3:prefix": ("home/alice/", "home/bob/", "", "home/*"),
    "token.actions.githubusercontent.com:sub": ("repo:acme/app:ref:refs/heads/main", "repo:acme/app:environment:prod"),
    "token.actions.githubusercontent.com:aud": ("sts.amazonaws.com", "other"),
    "iam:passedtoservice": ("lambda.amazonaws.com", "ec2.amazonaws.com"),
    "kms:viaservice": ("s3.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"),
    "kms:calleraccount": (OWN, OTHER),
    "s3:dataaccesspointaccount": (OWN, OTHER),
    "saml:aud": ("https://signin.aws.amazon.com/saml", "other"),
}
