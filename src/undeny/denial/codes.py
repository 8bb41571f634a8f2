"""Which words are error codes of AWS: a text is full of words before colons, and few of them are.

Codes are names of exceptions in the service models (`AccessDeniedException`), or bare words of older protocols, as listed by
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

import re
from functools import lru_cache

_BARE = frozenset(
    """
    400 401 403 404 405 409 412 429 500 502 503 504 AccessControlListNotSupported AccessDenied AccessDeniedError AccessForbidden
    AccessPointAlreadyOwnedByYou AccountProblem AddressLimitExceeded AllAccessDisabled AuthFailure AuthorizationError
    AuthorizationHeaderMalformed AWSOrganizationsNotInUseException
    AuthorizationNotFound AuthorizationQueryParametersError BandwidthLimitExceeded Blocked
    BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty CannotPullContainerError ConcurrentModification CredentialsError
    CredentialsNotSupported CredentialsProviderError CrossAccountPassRole
    CrossLocationLoggingProhibited CustomerKeyHasBeenRevoked DeleteConflict DependencyViolation DryRunOperation DuplicateListener
    EC2ThrottledException EndpointDisabled EntityAlreadyExists EntityTemporarilyUnmodifiable ExpiredToken ExpiredTokenError
    FleetLimitExceeded Forbidden GeneralServiceException IDPCommunicationError IDPRejectedClaim IncompleteSignature
    InstanceLimitExceeded InsufficientAddressCapacity InsufficientCapabilities InsufficientCapacity InsufficientHostCapacity
    InsufficientInstanceCapacity InsufficientReservedInstanceCapacity InsufficientSessionLifetime InternalError InternalFailure
    InternalServerError InternalServiceError InternalServiceFault InvalidAccessKeyId InvalidAction InvalidArgument
    InvalidBucketAclWithObjectOwnership InvalidBucketState InvalidClientTokenId InvalidIdentityToken InvalidInput InvalidKMSKey
    InvalidObjectState InvalidParameter InvalidParameterCombination InvalidParameterValue InvalidPayer InvalidPolicyDocument
    InvalidQueryParameter InvalidRequest InvalidSecurity InvalidSession InvalidSignature InvalidSubjectCredentials
    InvalidTargetBucketForLogging InvalidToken InvalidUserType KMSAccessDenied LimitExceeded LimitExceededFault MalformedPolicy
    MalformedPolicyDocument MalformedQueryString MaxSpotInstanceCountExceeded MessageRejected MethodNotAllowed MissingAction
    MissingAuthenticationToken MissingParameter NameConflict NetworkInterfaceLimitExceeded NoCredentialProviders NoSuchBucket
    NoSuchBucketPolicy NoSuchEntity NoSuchKey NoSuchLifecycleConfiguration NoSuchPublicAccessBlockConfiguration NoSuchTagSet
    NoSuchUpload NoSuchVersion NotAuthorized NotFound NotImplemented NotSignedUp ObjectLockConfigurationNotFoundError
    OperationAborted OperationNotPermitted OptInRequired OwnershipControlsNotFoundError PackedPolicyTooLarge
    PasswordPolicyViolation PendingVerification PermanentRedirect PolicyNotAttachable PreconditionFailed PriorRequestNotComplete
    QuotaExceeded RegionDisabled ReportGenerationLimitExceeded RequestCanceled RequestExpired RequestLimitExceeded
    RequestThrottled RequestTimeout RequestTimeoutException RequestTimeTooSkewed ResourceAlreadyExists ResourceLimitExceeded
    ResourceNotFound RoleModified RoleTemplateDisabled ServerException ServerSideEncryptionConfigurationNotFoundError
    ServiceFailure ServiceNotSupported ServiceUnavailable SignatureDoesNotMatch SlowDown SnapshotLimitExceeded
    SubscriptionRequiredException Throttled Throttling TokenRefreshRequired TooManyBuckets TooManyRequests Unauthorized
    UnauthorizedAccess UnauthorizedAccessError UnauthorizedOperation UnexpectedParameter UnmodifiableEntity UnrecognizedClient
    Unsupported UnsupportedOperation ValidationError VcpuLimitExceeded VolumeLimitExceeded VpceAccessDenied VpcLimitExceeded
    VPCResourceNotSpecified
    """.split()  # noqa: SIM905 - a hundred words read best as words
)
_GENERIC = frozenset(
    """
    Exception RuntimeException IllegalArgumentException IllegalStateException NullPointerException IOException ExecutionException
    CompletionException ClassNotFoundException SdkClientException SdkException SdkServiceException SdkBaseException
    AwsServiceException AmazonServiceException AmazonClientException AmazonHttpClientException CustomException UnknownException
    ApiCallTimeoutException ApiCallAttemptTimeoutException AbortedException RetryableException ConnectTimeoutException
    SocketTimeoutException UnknownHostException HttpHostConnectException NoHttpResponseException SSLHandshakeException
    SSLException ConnectException SocketException TimeoutException ReadTimeoutException HttpErrorResponseException
    AggregateException WebException HttpRequestException TaskCanceledException CredentialsException AwsException
    SubprocessException CalledProcessException HTTPException ServiceException ClientException TooManyRedirectsException
    UncheckedIOException ParseException NumberFormatException UnsupportedOperationException ApiException HttpException
    """.split()  # noqa: SIM905 - as above
)
_OF_A_SERVICE = frozenset(
    "Ec2 S3 Kms Iam Sts Sqs Sns Ssm Ecs Ecr Eks Rds Glue Athena Lambda DynamoDb Kinesis CloudFormation CloudWatch SecretsManager".split()  # noqa: SIM905 - as above
)
"""Base classes of the Java SDK v2, one a service (`Ec2Exception`): they name the service, not the code."""
_DOTTED = re.compile(
    r"(?:(?:Client|Server)\.)?(?:Invalid|Malformed|Missing|Incorrect|Unsupported|Duplicate|Unauthorized|KMS|Unknown"
    r"|Resource)\w*\.\w+(?:\.\w+)*"
)
_CLASS = re.compile(r"(?:Amazon|AWS)\w+Exception")
_SHAPED = re.compile(
    r"Insufficient[A-Z]\w*Capacity\w*|InsufficientCapacity[A-Z]\w*|UnfulfillableCapacity|[A-Z]\w*[a-z](?:LimitExceeded|QuotaExceeded"
    r"|AlreadyExists|AccessDenied|NotAuthorized|NotSupported|Throttled)"
)
"""Codes of EC2, RDS and others, of which there are hundreds: their ends tell what they are."""
_FOREIGN = ("java.", "javax.", "System.", "builtins.")
_FOREIGN_PACKAGE = re.compile(r"(?!.*(?:[Aa]ws|[Aa]mazon|boto|smithy))(?:[a-z]\w+\.){2,}\w+")
"""Classes of the languages' own libraries and of others: `java.nio.file.AccessDeniedException` is no code of AWS."""
_TELLING = re.compile(r"(?<![\w/@-])[A-Z]\w*[a-z][A-Z]\w*(?![\w/@-])|(?<=::)[A-Z][a-z]+\b")
"""A word with a capital inside, or the last part of a class."""
_BEFORE = re.compile(r"(?:[\w$]+(?:\.|::|#|:))+$")
_LONGEST = 120


_LOW = {code.lower() for code in _BARE if not code.isdigit()}


@lru_cache(maxsize=4096)
def code_of(word: str) -> str | None:
    """Give the error code that a word is: `com.amazonaws...AccessDeniedException` is one, `Error` and `Ec2Exception` are none.

    >>> code_of("Client.UnauthorizedOperation"), code_of("Aws::S3::Errors::AccessDenied"), code_of("TypeError")
    ('Client.UnauthorizedOperation', 'AccessDenied', None)
    """
    word = word.rpartition("#")[2].partition(":http")[0]
    if word.startswith(_FOREIGN) or ("." in word and _FOREIGN_PACKAGE.fullmatch(word)):
        return None
    if _DOTTED.fullmatch(word):
        return word
    prefix, _, last = word.replace("::", ".").replace("$", ".").rpartition(".")
    if prefix in {"Client", "Server"} and last[:1].isupper():
        return word
    if last in _BARE or _SHAPED.fullmatch(last):
        return last
    if last.endswith(("Exception", "Fault")) and last not in _GENERIC and not _CLASS.fullmatch(last) and last[0].isupper():
        return None if last.removesuffix("Exception") in _OF_A_SERVICE else last
    return None


def spelt_code(word: str) -> str | None:
    """Give a code that a log wrote without capitals (`[accessdeniedexception]`), as it stands; `None` where it is none.

    >>> spelt_code("accessdenied"), spelt_code("accessdeniedexception"), spelt_code("error")
    ('accessdenied', 'accessdeniedexception', None)
    """
    if word.islower() and (word in _LOW or (word.removesuffix("exception") in _LOW)):
        return word
    return None


def first_code_in(text: str) -> str | None:
    """Give the first word of a text that is an error code and cannot be anything else: `Forbidden` alone is also English.

    >>> first_code_in("deploy fails: AccessDenied on the bucket"), first_code_in("Throttling is on")
    ('AccessDenied', None)
    """
    for match in _TELLING.finditer(text):
        start = match.start()
        before = _BEFORE.search(text, max(0, start - _LONGEST), start) if text[start - 1 : start] in {".", ":", "#"} else None
        path = before.group() if before else ""
        if path.endswith(":") and not path.endswith("::"):
            continue  # the name of an action
        code = code_of(path + match.group())
        if code:
            return code
    return None
