"""Macie: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/macie/latest/user/service-linked-roles.html"
LINKED = {
    "macie2:EnableMacie": ("macie.amazonaws.com", "AWSServiceRoleForAmazonMacie"),
}
