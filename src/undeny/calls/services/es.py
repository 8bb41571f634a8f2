"""OpenSearch Service: the service-linked role and the key of a domain, the role that Cognito sign-in uses."""

SOURCE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html"
LINKED = {
    "es:CreateDomain": ("opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService"),
}
PASSES = {
    "es:CreateDomain": (("cognitoOptions.roleArn",), "es.amazonaws.com"),
    "es:UpdateDomainConfig": (("cognitoOptions.roleArn",), "es.amazonaws.com"),
}
TAGGED = {"es:CreateDomain": "es:AddTags"}
KEYS = {
    "es:CreateDomain": ("CreateGrant", "DescribeKey"),
}
KEY_FACTS = ("encryptionAtRestOptions.kmsKeyId",)
KEY_WHY = "OpenSearch Service takes a grant on the domain's key"
KEY_DEFAULT = None
KEY_SOURCE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html"
