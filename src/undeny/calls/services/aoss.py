"""OpenSearch Serverless: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-service-linked-roles.html"
LINKED = {
    "aoss:CreateCollection": ("observability.aoss.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchServerless"),
}
