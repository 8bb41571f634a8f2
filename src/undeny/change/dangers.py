"""Calls that are one-way or hard to reverse, as data: why, AWS's page, and whether undeny never makes them."""

from collections.abc import Mapping

from undeny.change.model import Danger

_IAM = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_"
_KMS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_"
_ORG = "https://docs.aws.amazon.com/organizations/latest/APIReference/API_"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_"
_WHOLE = "the whole document is overwritten and AWS keeps no versions: the old text is saved first"
_GONE = "the document is deleted and AWS keeps none: the old text is saved first"

DANGERS: Mapping[str, Danger] = {
    "kms:ScheduleKeyDeletion": Danger(
        why="the key is unusable at once, and after 7 to 30 days all that it encrypted is lost",
        source=f"{_KMS}ScheduleKeyDeletion.html",
        refused=True,
    ),
    "kms:DeleteImportedKeyMaterial": Danger(
        why="the key is unusable until the same material is imported again", source=f"{_KMS}DeleteImportedKeyMaterial.html", refused=True
    ),
    "kms:PutKeyPolicy": Danger(why=f"{_WHOLE}; AWS's lockout check stays on", source=f"{_KMS}PutKeyPolicy.html"),
    "organizations:CloseAccount": Danger(
        why="after 90 days the account cannot be opened again", source=f"{_ORG}CloseAccount.html", refused=True
    ),
    "organizations:LeaveOrganization": Danger(
        why="the account is then under none of the organisation's policies, and must be invited to come back",
        source=f"{_ORG}LeaveOrganization.html",
        refused=True,
    ),
    "organizations:RemoveAccountFromOrganization": Danger(
        why="the account is then under none of the organisation's policies, and must be invited to come back",
        source=f"{_ORG}RemoveAccountFromOrganization.html",
        refused=True,
    ),
    "organizations:DisablePolicyType": Danger(
        why="every attachment of that type is lost; switching it on again brings back only the full-access policy",
        source=f"{_ORG}DisablePolicyType.html",
        refused=True,
    ),
    "organizations:DetachPolicy": Danger(
        why="without another policy that allows, everything below is locked out", source=f"{_ORG}DetachPolicy.html", refused=True
    ),
    "organizations:EnableAllFeatures": Danger(why="it cannot be undone", source=f"{_ORG}EnableAllFeatures.html", refused=True),
    "organizations:UpdatePolicy": Danger(
        why=f"it holds at once for every account under the policy's levels; {_WHOLE}", source=f"{_ORG}UpdatePolicy.html", asks=True
    ),
    "iam:DeleteRole": Danger(
        why="a role made again under that name is another one to every policy that trusts it", source=f"{_IAM}DeleteRole.html", refused=True
    ),
    "iam:DeleteUser": Danger(
        why="a user made again under that name is another one to every policy that names it", source=f"{_IAM}DeleteUser.html", refused=True
    ),
    "iam:DeleteOpenIDConnectProvider": Danger(
        why="every role that trusts it can no longer be assumed", source=f"{_IAM}DeleteOpenIDConnectProvider.html", refused=True
    ),
    "iam:DeleteAccessKey": Danger(why="the secret cannot be had again", source=f"{_IAM}DeleteAccessKey.html", refused=True),
    "secretsmanager:DeleteSecret": Danger(
        why="the secret is lost after 7 to 30 days, at once where forced",
        source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html",
        refused=True,
    ),
    "iam:UpdateAssumeRolePolicy": Danger(why=_WHOLE, source=f"{_IAM}UpdateAssumeRolePolicy.html"),
    "iam:PutRolePolicy": Danger(why=_WHOLE, source=f"{_IAM}PutRolePolicy.html"),
    "iam:PutUserPolicy": Danger(why=_WHOLE, source=f"{_IAM}PutUserPolicy.html"),
    "iam:PutGroupPolicy": Danger(why=_WHOLE, source=f"{_IAM}PutGroupPolicy.html"),
    "iam:CreatePolicyVersion": Danger(
        why="the new version holds at once; the old one is kept, and becomes the default again on rollback",
        source=f"{_IAM}CreatePolicyVersion.html",
    ),
    "s3:PutBucketPolicy": Danger(
        why=f"{_WHOLE}; a Deny that is too broad locks out all but the account's root user", source=f"{_S3}PutBucketPolicy.html"
    ),
    "sqs:SetQueueAttributes": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
    ),
    "sns:SetTopicAttributes": Danger(why=_WHOLE, source="https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"),
    "secretsmanager:PutResourcePolicy": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html"
    ),
    "lambda:PutResourcePolicy": Danger(
        why=f"{_WHOLE}; it replaces what AddPermission wrote too",
        source="https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html",
    ),
    "lambda:UpdateFunctionConfiguration": Danger(
        why="running instances of the function are replaced",
        source="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html",
    ),
    "ec2:ModifyVpcEndpoint": Danger(
        why=f"{_WHOLE}; it holds for everything that uses the endpoint",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html",
    ),
    "iam:DetachRolePolicy": Danger(
        why="the policy no longer binds the role; rolling back attaches it again", source=f"{_IAM}DetachRolePolicy.html", asks=True
    ),
    "iam:DetachUserPolicy": Danger(
        why="the policy no longer binds the user; rolling back attaches it again", source=f"{_IAM}DetachUserPolicy.html", asks=True
    ),
    "iam:DetachGroupPolicy": Danger(
        why="the policy no longer binds the group; rolling back attaches it again", source=f"{_IAM}DetachGroupPolicy.html", asks=True
    ),
    "iam:DeleteRolePolicy": Danger(why=_GONE, source=f"{_IAM}DeleteRolePolicy.html"),
    "iam:DeleteUserPolicy": Danger(why=_GONE, source=f"{_IAM}DeleteUserPolicy.html"),
    "iam:DeleteGroupPolicy": Danger(why=_GONE, source=f"{_IAM}DeleteGroupPolicy.html"),
    "kms:PutKeyPolicy with BypassPolicyLockoutSafetyCheck": Danger(
        why="the key may then be managed by nobody", source=f"{_KMS}PutKeyPolicy.html", refused=True
    ),
    "s3:DeleteBucketPolicy": Danger(why=_GONE, source=f"{_S3}DeleteBucketPolicy.html"),
    "s3:PutPublicAccessBlock": Danger(
        why="with a setting switched off, policies and ACLs that are there already count as public at once",
        source=f"{_S3}PutPublicAccessBlock.html",
    ),
    "s3:PutBucketOwnershipControls": Danger(
        why="with BucketOwnerEnforced ACLs no longer count; they are kept, and count again after a rollback",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    ),
    "s3:PutBucketEncryption": Danger(
        why="objects written meanwhile stay encrypted as they were written, whatever is rolled back",
        source=f"{_S3}PutBucketEncryption.html",
    ),
    "s3:PutBucketRequestPayment": Danger(
        why="callers that do not say that they pay are refused, or the owner pays again", source=f"{_S3}PutBucketRequestPayment.html"
    ),
    "s3:PutAccessPointPolicy": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutAccessPointPolicy.html"
    ),
    "ecr:SetRepositoryPolicy": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html"
    ),
    "dynamodb:PutResourcePolicy": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html"
    ),
    "kinesis:PutResourcePolicy": Danger(
        why=_WHOLE, source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html"
    ),
    "elasticfilesystem:PutFileSystemPolicy": Danger(
        why=f"{_WHOLE}; AWS's lockout check stays on", source="https://docs.aws.amazon.com/efs/latest/ug/API_PutFileSystemPolicy.html"
    ),
    "events:PutPermission": Danger(why=_WHOLE, source="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html"),
}
