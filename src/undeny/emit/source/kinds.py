"""Which Terraform resources and CloudFormation types hold a policy, of what, and how the thing is named and its ARN made.

Kinds are those of `emit.iac`: one word for one kind of document.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from collections.abc import Mapping

TERRAFORM: Mapping[str, tuple[tuple[str, str, Mapping[str, str]], ...]] = {
    # resource type: (kind, argument that holds the document, what names the thing and the policy: argument by role)
    "aws_iam_policy": (("managed", "policy", {"policy": "name", "arn": "arn"}),),
    "aws_iam_role_policy": (("role_inline", "policy", {"policy": "name", "thing": "role"}),),
    "aws_iam_user_policy": (("user_inline", "policy", {"policy": "name", "thing": "user"}),),
    "aws_iam_group_policy": (("group_inline", "policy", {"policy": "name", "thing": "group"}),),
    "aws_iam_role": (("trust", "assume_role_policy", {"thing": "name", "arn": "arn"}),),
    "aws_s3_bucket_policy": (("bucket", "policy", {"thing": "bucket"}),),
    "aws_s3_bucket": (("bucket", "policy", {"thing": "bucket"}),),
    "aws_sqs_queue_policy": (("queue", "policy", {"thing": "queue_url"}),),
    "aws_sqs_queue": (("queue", "policy", {"thing": "name", "arn": "arn"}),),
    "aws_sns_topic_policy": (("topic", "policy", {"thing": "arn", "arn": "arn"}),),
    "aws_sns_topic": (("topic", "policy", {"thing": "name", "arn": "arn"}),),
    "aws_kms_key_policy": (("key", "policy", {"thing": "key_id"}),),
    "aws_kms_key": (("key", "policy", {"arn": "arn", "thing": "key_id"}),),
    "aws_secretsmanager_secret_policy": (("secret", "policy", {"arn": "secret_arn"}),),
    "aws_secretsmanager_secret": (("secret", "policy", {"thing": "name", "arn": "arn"}),),
    "aws_ecr_repository_policy": (("repository", "policy", {"thing": "repository"}),),
    "aws_dynamodb_resource_policy": (("table", "policy", {"arn": "resource_arn"}),),
    "aws_vpc_endpoint": (("endpoint", "policy", {"thing": "id"}),),
    "aws_vpc_endpoint_policy": (("endpoint", "policy", {"thing": "vpc_endpoint_id"}),),
    "aws_organizations_policy": (("organization", "content", {"policy": "name", "identifier": "id"}),),
    "aws_ssoadmin_permission_set_inline_policy": (("permission_set", "inline_policy", {}),),
}
THINGS: Mapping[str, tuple[str, str]] = {
    "aws_lambda_function": ("function", "function_name"),
    # resource type: the kind of document that it can have, the argument that names it
    "aws_iam_role": ("role_inline", "name"), "aws_iam_user": ("user_inline", "name"), "aws_iam_group": ("group_inline", "name"),
    "aws_s3_bucket": ("bucket", "bucket"), "aws_sqs_queue": ("queue", "name"), "aws_sns_topic": ("topic", "name"),
    "aws_kms_key": ("key", "key_id"), "aws_secretsmanager_secret": ("secret", "name"), "aws_ecr_repository": ("repository", "name"),
    "aws_dynamodb_table": ("table", "name"), "aws_vpc_endpoint": ("endpoint", "id"),
}  # fmt: skip
POLICY_OF: Mapping[str, tuple[str, str, str]] = {
    # kind: resource that holds a policy of it, the argument that names the thing, the attribute that it takes of it
    "role_inline": ("aws_iam_role_policy", "role", "name"), "user_inline": ("aws_iam_user_policy", "user", "name"),
    "group_inline": ("aws_iam_group_policy", "group", "name"), "bucket": ("aws_s3_bucket_policy", "bucket", "id"),
    "queue": ("aws_sqs_queue_policy", "queue_url", "url"), "topic": ("aws_sns_topic_policy", "arn", "arn"),
    "key": ("aws_kms_key_policy", "key_id", "key_id"), "secret": ("aws_secretsmanager_secret_policy", "secret_arn", "arn"),
    "repository": ("aws_ecr_repository_policy", "repository", "name"), "table": ("aws_dynamodb_resource_policy", "resource_arn", "arn"),
    "endpoint": ("aws_vpc_endpoint_policy", "vpc_endpoint_id", "id"),
}  # fmt: skip
ARNS: Mapping[str, str] = {
    # resource type: its ARN, with {name}, and <region> and <account> which the code does not tell
    "aws_s3_bucket": "arn:<partition>:s3:::{name}",
    "aws_sqs_queue": "arn:<partition>:sqs:<region>:<account>:{name}",
    "aws_sns_topic": "arn:<partition>:sns:<region>:<account>:{name}",
    "aws_dynamodb_table": "arn:<partition>:dynamodb:<region>:<account>:table/{name}",
    "aws_iam_role": "arn:<partition>:iam::<account>:role<path>{name}",
    "aws_iam_user": "arn:<partition>:iam::<account>:user<path>{name}",
    "aws_iam_policy": "arn:<partition>:iam::<account>:policy<path>{name}",
    "aws_lambda_function": "arn:<partition>:lambda:<region>:<account>:function:{name}",
    "aws_cloudwatch_log_group": "arn:<partition>:logs:<region>:<account>:log-group:{name}",
    "aws_secretsmanager_secret": "arn:<partition>:secretsmanager:<region>:<account>:secret:{name}-<random>",
    "aws_ecr_repository": "arn:<partition>:ecr:<region>:<account>:repository/{name}",
}
"""https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""
URLS: Mapping[str, str] = {"aws_sqs_queue": "https://sqs.<region>.amazonaws.com/<account>/{name}"}
"""What `id` and `url` are where they are an address."""
IDS_ARE_ARNS = ("aws_sns_topic", "aws_iam_policy", "aws_secretsmanager_secret")
NAME_OF: Mapping[str, str] = {"aws_s3_bucket": "bucket", "aws_lambda_function": "function_name"}
"""The argument that names a thing where it is not `name`."""
CLOUDFORMATION: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    # type: kind, property that holds the document, what names the thing and the policy: property by role
    "AWS::IAM::ManagedPolicy": ("managed", "PolicyDocument", {"policy": "ManagedPolicyName"}),
    "AWS::IAM::Policy": ("role_inline", "PolicyDocument", {"policy": "PolicyName", "thing": "Roles"}),
    "AWS::IAM::RolePolicy": ("role_inline", "PolicyDocument", {"policy": "PolicyName", "thing": "RoleName"}),
    "AWS::IAM::UserPolicy": ("user_inline", "PolicyDocument", {"policy": "PolicyName", "thing": "UserName"}),
    "AWS::IAM::GroupPolicy": ("group_inline", "PolicyDocument", {"policy": "PolicyName", "thing": "GroupName"}),
    "AWS::IAM::Role": ("trust", "AssumeRolePolicyDocument", {"thing": "RoleName"}),
    "AWS::S3::BucketPolicy": ("bucket", "PolicyDocument", {"thing": "Bucket"}),
    "AWS::SQS::QueuePolicy": ("queue", "PolicyDocument", {"thing": "Queues"}),
    "AWS::SNS::TopicPolicy": ("topic", "PolicyDocument", {"thing": "Topics"}),
    "AWS::KMS::Key": ("key", "KeyPolicy", {}),
    "AWS::SecretsManager::ResourcePolicy": ("secret", "ResourcePolicy", {"arn": "SecretId"}),
    "AWS::ECR::Repository": ("repository", "RepositoryPolicyText", {"thing": "RepositoryName"}),
    "AWS::EC2::VPCEndpoint": ("endpoint", "PolicyDocument", {}),
    "AWS::Organizations::Policy": ("organization", "Content", {"policy": "Name"}),
}
NAMES: Mapping[str, tuple[str, str, str]] = {
    # type: kind of document that it can have, property that names it, its ARN
    "AWS::IAM::Role": ("role_inline", "RoleName", "arn:<partition>:iam::<account>:role<path>{name}"),
    "AWS::IAM::User": ("user_inline", "UserName", "arn:<partition>:iam::<account>:user<path>{name}"),
    "AWS::IAM::Group": ("group_inline", "GroupName", "arn:<partition>:iam::<account>:group<path>{name}"),
    "AWS::S3::Bucket": ("bucket", "BucketName", "arn:<partition>:s3:::{name}"),
    "AWS::SQS::Queue": ("queue", "QueueName", "arn:<partition>:sqs:<region>:<account>:{name}"),
    "AWS::SNS::Topic": ("topic", "TopicName", "arn:<partition>:sns:<region>:<account>:{name}"),
    "AWS::DynamoDB::Table": ("table", "TableName", "arn:<partition>:dynamodb:<region>:<account>:table/{name}"),
    "AWS::Lambda::Function": ("function", "FunctionName", "arn:<partition>:lambda:<region>:<account>:function:{name}"),
    "AWS::Serverless::Function": ("function", "FunctionName", "arn:<partition>:lambda:<region>:<account>:function:{name}"),
    "AWS::SecretsManager::Secret": ("secret", "Name", "arn:<partition>:secretsmanager:<region>:<account>:secret:{name}-<random>"),
    "AWS::KMS::Key": ("key", "KeyId", "arn:<partition>:kms:<region>:<account>:key/{name}"),
}
