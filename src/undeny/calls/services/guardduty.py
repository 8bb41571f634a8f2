"""GuardDuty: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/guardduty/latest/ug/using-service-linked-roles.html"
LINKED = {
    "guardduty:CreateDetector": ("guardduty.amazonaws.com", "AWSServiceRoleForAmazonGuardDuty"),
}
