"""WAF: the service-linked role that delivers logs."""

SOURCE = "https://docs.aws.amazon.com/waf/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "wafv2:PutLoggingConfiguration": ("wafv2.amazonaws.com", "AWSServiceRoleForWAFV2Logging"),
}
