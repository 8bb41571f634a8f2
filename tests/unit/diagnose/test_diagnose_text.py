"""Texts as SDKs, tools and services word them, written for this project from AWS's API references and the SDKs' own messages."""

import re

import pytest

from undeny.denial.model import Denial
from undeny.diagnose import diagnose
from undeny.diagnose.model import Case
from undeny.evidence.model import Evidence, Gap, Policies

NOT_READ = Gap(what="everything")
NOTHING = Evidence(
    policies=Policies(
        identity=NOT_READ, boundary=NOT_READ, session=NOT_READ, endpoint=NOT_READ, resource=NOT_READ, scp=NOT_READ, rcp=NOT_READ
    ),
    from_text=True,
)
CALLING = re.compile(r"An error occurred \((\w+)\)(?: when calling the (\w+) operation)?")
TEXTS = {
    "network": (
        'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://ec2.us-esat-1.amazonaws.com/"',
        'botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/invocations"',
        "urllib3.exceptions.NewConnectionError: <urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -2] Name or service not known",
        "Error: getaddrinfo ENOTFOUND sqs.eu-west-9.amazonaws.com",
        'RequestError: send request failed caused by: Post "https://ssm.us-east-1.amazonaws.com/": dial tcp 52.119.1.1:443: i/o timeout',
        'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 44.213.79.104:443: i/o timeout. Please check your task network configuration.',
        "software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: Connect to s3.amazonaws.com:443 failed: Connection refused",
        "com.amazonaws.SdkClientException: Unable to execute HTTP request: sts.amazonaws.com: Temporary failure in name resolution",
        "java.net.UnknownHostException: sqs.us-east-1.amazonaws.com",
        "curl: (28) Failed to connect to s3.us-east-1.amazonaws.com port 443: Connection timed out",
        "curl: (6) Could not resolve host: kms.eu-central-1.amazonaws.com",
        'aws: error: Failed to connect to proxy URL: "http://proxy.corp:3128"',
        "Error: connect ETIMEDOUT 54.239.28.85:443",
        "x509: certificate signed by unknown authority",
        "net/http: TLS handshake timeout",
        "Task timed out after 3.00 seconds",
        'operation error S3: GetObject, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get "https://b.s3.us-east-1.amazonaws.com/k": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
        "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target",
        "dial tcp: connect: network is unreachable",
        'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:latest: failed to do request: Head "https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/app/manifests/latest": dial tcp 10.0.1.5:443: i/o timeout',
        "Unable to connect to the server: dial tcp 10.0.3.4:443: i/o timeout",
        'botocore.exceptions.ProxyConnectionError: Failed to connect to proxy URL: "http://10.0.0.1:8080"',
        'Connection was closed before we received a valid response from endpoint URL: "https://s3.amazonaws.com/"',
        "NetworkingError: Unable to reach host",
        "AmazonHttpClient: HTTP response code: -1 Curl returned error code 28 - Timeout was reached",
        "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        "System.Net.Http.HttpRequestException: No such host is known. (sqs.eu-west-1.amazonaws.com:443)",
    ),
    "quota": (
        "An error occurred (RequestLimitExceeded) when calling the DescribeInstances operation (reached max retries: 4): Request limit exceeded.",
        "TooManyRequestsException: Rate exceeded",
        "An error occurred (SlowDown) when calling the PutObject operation (reached max retries: 4): Please reduce your request rate.",
        "An error occurred (LimitExceededException) when calling the DescribeStream operation: Rate exceeded for stream app under account 111122223333.",
        "An error occurred (LimitExceededException) when calling the CreateTable operation: Subscriber limit exceeded: There is a limit of 256 tables per subscriber",
        "ServiceQuotaExceededException: You have exceeded the quota for the number of log groups",
        "An error occurred (AddressLimitExceeded) when calling the AllocateAddress operation: The maximum number of addresses has been reached.",
        "An error occurred (VpcLimitExceeded) when calling the CreateVpc operation: The maximum number of VPCs has been reached.",
        "An error occurred (TooManyBuckets) when calling the CreateBucket operation: You have attempted to create more buckets than allowed",
        "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10",
        "An error occurred (LimitExceeded) when calling the CreateAccessKey operation: Cannot exceed quota for AccessKeysPerUser: 2",
        "An error occurred (PackedPolicyTooLarge) when calling the AssumeRole operation: Packed size of session tags consumes 105% of allotted space.",
        "An error occurred (LimitExceeded) when calling the PutGroupPolicy operation: Maximum policy size of 5120 bytes exceeded for group devs",
        "PolicyLengthExceededException: Policy length exceeded",
        "ThrottlingException: Too many tokens, please wait before trying again.",
        "An error occurred (ThrottlingException) when calling the InvokeModel operation: Too many requests, please wait before trying again.",
        "An error occurred (InstanceLimitExceeded) when calling the RunInstances operation: You have requested more instances (21) than your current instance limit of 20 allows",
        "An error occurred (TooManyRequestsException) when calling the Invoke operation: Rate Exceeded. Reason: ReservedFunctionConcurrentInvocationLimitExceeded",
        "An error occurred (ResourceLimitExceeded) when calling the CreateTrainingJob operation: The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances",
        "The maximum number of rules per security group has been reached. (RulesPerSecurityGroupLimitExceeded)",
        "com.amazonaws.services.dynamodbv2.model.ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded.",
        "HTTP 429 Too Many Requests",
        "Throttling: Rate exceeded status code: 400, request id: abc",
        "An error occurred (LimitExceededException) when calling the StartExecution operation: The state machine has too many running executions; the limit is 1000000",
        "An error occurred (CodeStorageExceededException) when calling the UpdateFunctionCode operation: Code storage limit exceeded.",
        "ConstraintViolationException: ACCOUNT_NUMBER_LIMIT_EXCEEDED: You have exceeded the allowed number of AWS accounts.",
        "An error occurred (ConstraintViolationException) when calling the AttachPolicy operation: You have attached the maximum number of policies to the specified target.",
        "MaxSpotInstanceCountExceeded: Max spot instance count exceeded",
        "Error: creating IAM Role: LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048",
    ),
    "credentials": (
        "An error occurred (ExpiredTokenException) when calling the DescribeInstances operation: The security token included in the request is expired",
        "An error occurred (RequestExpired) when calling the DescribeInstances operation: Request has expired.",
        'Unable to locate credentials. You can configure credentials by running "aws configure".',
        "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
        "CredentialsProviderError: Could not load credentials from any providers",
        "NoCredentialProviders: no valid providers in chain. Deprecated.",
        "software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in the chain",
        "The config profile (prod) could not be found",
        "An error occurred (InvalidSignatureException) when calling the ListTables operation: Signature expired: 20240101T000000Z is now earlier than 20240101T001000Z",
        "An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: The AWS Access Key Id you provided does not exist in our records.",
        "An error occurred (UnrecognizedClientException) when calling the ListFunctions operation: The security token included in the request is invalid.",
        "AuthFailure: AWS was not able to validate the provided access credentials",
        "An error occurred (IncompleteSignature) when calling the GetCallerIdentity operation: '...' not a valid key=value pair (missing equal-sign) in Authorization header",
        "An error occurred (AuthorizationHeaderMalformed) when calling the ListObjects operation: The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
        "Error when retrieving token from sso: Token has expired and refresh failed",
        "Error loading SSO Token: Token for https://d-1234.awsapps.com/start does not exist",
        "denied: Your authorization token has expired. Reauthenticate and try again.",
        "Error: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: abc, api error ExpiredToken: The security token included in the request is expired",
        "An error occurred (InvalidToken) when calling the ListBuckets operation: The provided token is malformed or otherwise invalid.",
        "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'.",
        "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
        "error: no EC2 IMDS role found, operation error ec2imds: GetMetadata, canceled, context deadline exceeded",
        "Missing credentials in config, if using AWS_CONFIG_FILE, set AWS_SDK_LOAD_CONFIG=1",
        "no basic auth credentials",
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com",
        "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1700000000 must be before the expiration date/time 1699990000",
    ),
    "service": (
        "An error occurred (InsufficientDBInstanceCapacity) when calling the CreateDBInstance operation: Insufficient capacity",
        "An error occurred (ServiceUnavailable) when calling the GetObject operation (reached max retries: 4): Service Unavailable",
        "An error occurred (500) when calling the HeadObject operation (reached max retries: 4): Internal Server Error",
        "InternalServerException: The server has encountered an internal error",
        "502 Bad Gateway",
        "InternalFailure: The request processing has failed because of an unknown error, exception or failure.",
        "Capacity is unavailable at this time. Please try again at a later time or in a different availability zone",
        "InsufficientCapacityError: There is no Spot capacity available that matches your request.",
        "UnfulfillableCapacity: Unable to fulfill capacity due to your request configuration.",
        "An error occurred (InternalServerError) when calling the GetItem operation (reached max retries: 10): Internal server error",
        "We currently do not have sufficient p4d.24xlarge capacity in zones with support for 'gp2' volumes. Our system will be working on provisioning additional capacity.",
        "ServiceException: The service was unable to process the request. (Service: Lambda, Status Code: 500)",
        "ModelNotReadyException: The model is not ready for inference",
    ),
    "account": (
        "An error occurred (SubscriptionRequiredException) when calling the DescribeEvents operation:",
        "An error occurred (PendingVerification) when calling the RunInstances operation: Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete.",
        "An error occurred (Blocked) when calling the RunInstances operation: This account is currently blocked and not recognized as a valid account. Please contact aws-verification@amazon.com",
        "An error occurred (AWSOrganizationsNotInUseException) when calling the DescribeOrganization operation: Your account is not a member of an organization.",
        "An error occurred (RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region for account:111122223333.",
        "Your account must be verified before you can add CloudFront resources. To verify your account, please contact AWS Support",
        "An error occurred (AccessDeniedException) when calling the CreateHostedZone operation: The account is suspended",
        "OrganizationAccessDeniedException: This action can only be made by accounts in an AWS Organization",
        "MessageRejected: Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.",
        "An error occurred (AccessDeniedException) when calling the GetCostAndUsage operation: User not enabled for cost explorer access",
        "You are not authorized to perform this operation: this account is a member account; only the management account may call it",
        "An error occurred (AccessDeniedException) when calling the ListAccounts operation: You don't have permissions to access this resource.",
        "AccountNotManagementOrDelegatedAdministratorException: Account used is not a management account or delegated administrator account",
        "InvalidInputException: You must be the organization's management account to perform this",
        "An error occurred (InvalidAccessException) when calling the GetFindings operation: Account 111122223333 is not subscribed to AWS Security Hub",
        "Amazon Macie is not enabled for this account",
        "UserNotEnabled: The region me-south-1 is not enabled for this account",
    ),
    "call": (
        "An error occurred (EntityAlreadyExists) when calling the CreatePolicy operation: A policy called p already exists. Duplicate names are not allowed.",
        "An error occurred (BucketAlreadyExists) when calling the CreateBucket operation: The requested bucket name is not available.",
        "ResourceConflictException: The statement id (sns) provided already exists. Please provide a new statement id, or remove the existing statement.",
        "An error occurred (MalformedPolicy) when calling the PutBucketPolicy operation: Policy has invalid resource",
        'An error occurred (MalformedPolicyDocument) when calling the CreateRole operation: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/gone"',
        "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        "An error occurred (AccessDenied) when calling the GetFederationToken operation: Cannot call GetFederationToken with session credentials",
        "An error occurred (InvalidParameterCombination) when calling the RunInstances operation: Could not create volume with size 1GiB",
        "An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist",
        "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name app cannot be found.",
        "An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must detach all policies first.",
        "An error occurred (UnsupportedOperation) when calling the CreateSnapshot operation: ...",
        "An error occurred (InvalidParameterException) when calling the RunTask operation: No Container Instances were found in your cluster.",
        "ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:111122223333:function:f",
        "An error occurred (ValidationException) when calling the InvokeModel operation: Invocation of model ID anthropic.claude-v3 with on-demand throughput isn't supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        "Cross-account pass role is not allowed.",
        "An error occurred (BucketAlreadyOwnedByYou) when calling the CreateBucket operation: Your previous request to create the named bucket succeeded and you already own it.",
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
        "An error occurred (InvalidInstanceID.NotFound) when calling the DescribeInstances operation: The instance ID 'i-0abc' does not exist",
    ),
    "propagation": (
        "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
        "An error occurred (InvalidInputException) when calling the CreateProject operation: CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::111122223333:role/new",
        "An error occurred (InvalidParameterValue) when calling the RunInstances operation: Value (app) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        "InvalidRequest: The role arn:aws:iam::111122223333:role/stepfn cannot be assumed by states.amazonaws.com. Try again in a few minutes",
    ),
    "permission": (
        "error: You must be logged in to the server (Unauthorized)",
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access",
        "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not allowed",
        "UnauthorizedOperation: You are not authorized to perform this operation. Encoded authorization failure message: abc",
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
        "An error occurred (403) when calling the HeadObject operation: Forbidden",
        "VpceAccessDenied: The request was denied due to a VPC endpoint policy",
        "User: anonymous is not authorized to perform: es:ESHttpPost because no resource-based policy allows the es:ESHttpPost action",
        'Error from server (Forbidden): pods is forbidden: User "dev" cannot list resource "pods" in API group "" in the namespace "default"',
        "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.",
        "An error occurred (AuthorizationError) when calling the Publish operation: User: arn:aws:iam::111122223333:user/u is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:111122223333:t because no resource-based policy allows the SNS:Publish action",
        "An error occurred (AccessDeniedException) when calling the GetTable operation: Insufficient Lake Formation permission(s): Required Select on orders",
        "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/exec/x is not authorized to perform: secretsmanager:GetSecretValue status code: 400, request id: abc",
        "An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object protected by object lock.",
        "Your request has been denied by a service control policy",
        "CustomerKeyHasBeenRevoked: Volume vol-1 cannot be attached. The encrypted volume was unable to access the KMS master key",
        "An error occurred (AccessControlListNotSupported) when calling the PutObject operation: The bucket does not allow ACLs",
        "An error occurred (InvalidCiphertextException)... The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
        "Not authorized to access resource arn:aws:glacier:us-east-1:111122223333:vaults/v",
        "Client.InternalError: Client error on launch",
        "AccessDeniedException: Unable to determine service/operation name to be authorized",
        "An error occurred (UnauthorizedException) when calling the PutTargets operation: not authorized to create managed-rule",
        "The specified log group is not accessible: IAM Role is not authorized to access the Log Destination",
    ),
}


def of_text(text, **fields):
    found = CALLING.search(text)
    told = {"error_code": found[1], "operation": found[2]} if found else {}
    return Case(denial=Denial(text=text, **(told | fields)), requests=(), verdicts=(), evidence=NOTHING)


@pytest.mark.parametrize(("bucket", "text"), [(bucket, text) for bucket, texts in TEXTS.items() for text in texts])
def test_a_text_is_put_into_its_bucket(bucket, text):
    assert diagnose(of_text(text)).bucket == bucket


@pytest.mark.parametrize("text", [text for texts in TEXTS.values() for text in texts])
def test_nothing_is_proven_by_a_text_alone(text):
    diagnosis = diagnose(of_text(text))
    assert all(cause.certainty != "proven" for cause in (diagnosis.cause, *diagnosis.other_causes))


@pytest.mark.parametrize("text", [text for texts in TEXTS.values() for text in texts])
def test_a_cause_is_named_once_and_never_ruled_out_as_well(text):
    diagnosis = diagnose(of_text(text))
    named = [diagnosis.cause.code, *(cause.code for cause in diagnosis.other_causes)]
    assert len(named) == len(set(named))
    assert not set(named) & {out.code for out in diagnosis.ruled_out}


def test_a_limit_is_a_rate_where_the_text_says_rate_exceeded_and_else_a_count():
    assert diagnose(of_text("LimitExceededException: Rate exceeded for stream app")).cause.code == "throttled"
    assert diagnose(of_text("LimitExceededException: There is a limit of 256 tables per subscriber")).cause.code == "quota-count"


def test_s3_saying_only_access_denied_leaves_several_causes_equally_likely():
    text = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    diagnosis = diagnose(of_text(text, service="s3"))
    assert diagnosis.cause.certainty == "unknown"
    assert {"kms-key-policy", "endpoint-missing-allow", "resource-explicit-deny"} <= {cause.code for cause in diagnosis.other_causes}


def test_access_denied_and_nothing_else_leaves_several_causes_equally_likely():
    diagnosis = diagnose(of_text("AccessDenied: Access Denied", error_code="AccessDenied"))
    assert diagnosis.cause.certainty == "unknown"
    assert {"scp-explicit-deny", "resource-explicit-deny", "boundary-missing-allow"} <= {cause.code for cause in diagnosis.other_causes}


def test_an_explicit_deny_of_nobody_knows_whose_is_unknown():
    diagnosis = diagnose(of_text("You may not call cloudformation:DeleteStack: with an explicit deny", kind="explicit"))
    assert diagnosis.cause.certainty == "unknown"
    assert {diagnosis.cause.code, diagnosis.other_causes[0].code} == {"identity-explicit-deny", "scp-explicit-deny"}


def test_a_sentence_that_names_the_layer_is_believed():
    denial = {
        "kind": "explicit",
        "policy_type": "service_control",
        "action": "rds:CreateDBInstance",
        "principal": "arn:aws:iam::111122223333:user/u",
    }
    cause = diagnose(of_text("with an explicit deny in a service control policy", **denial)).cause
    assert (cause.code, cause.certainty, cause.layer) == ("scp-explicit-deny", "stated", "scp")
    assert "user u" in cause.summary


def test_across_accounts_the_layer_that_a_sentence_names_is_only_likely():
    denial = {
        "kind": "implicit", "policy_type": "identity_based", "action": "ecr:BatchGetImage", "principal": "arn:aws:iam::111122223333:user/u",
        "resource": "arn:aws:ecr:us-west-2:444455556666:repository/app",
    }  # fmt: skip
    cause = diagnose(of_text("because no identity-based policy allows the ecr:BatchGetImage action", **denial)).cause
    assert (cause.code, cause.certainty) == ("identity-missing-allow", "likely")


def test_an_answer_with_a_request_id_rules_out_the_network():
    diagnosis = diagnose(of_text("AccessDenied: Access Denied", http_status=403, request_id="7F2KQ0XWJ8"))
    ruled_out = {out.code: out.why for out in diagnosis.ruled_out}
    assert "7F2KQ0XWJ8" in ruled_out["network-unreachable"]


def test_no_answer_rules_out_the_policies():
    diagnosis = diagnose(of_text('Connect timeout on endpoint URL: "https://sts.us-east-1.amazonaws.com/"'))
    assert "identity-missing-allow" in {out.code for out in diagnosis.ruled_out}


def test_a_quarantined_key_is_told_by_the_policy_that_the_sentence_names():
    text = "with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
    denial = {"kind": "explicit", "policy_type": "identity_based", "policy_arn": "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}
    diagnosis = diagnose(of_text(text, **denial))
    assert (diagnosis.cause.code, diagnosis.bucket) == ("quarantined-key", "credentials")
