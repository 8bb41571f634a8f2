"""Organizations: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html"
TAGGED = {
    "organizations:CreateAccount": "organizations:TagResource",
    "organizations:CreateGovCloudAccount": "organizations:TagResource",
    "organizations:CreateOrganizationalUnit": "organizations:TagResource",
    "organizations:CreatePolicy": "organizations:TagResource",
    "organizations:InviteAccountToOrganization": "organizations:TagResource",
}
LINKED_SOURCE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services-using_slrs.html"
LINKED = {
    "organizations:CreateOrganization": ("organizations.amazonaws.com", "AWSServiceRoleForOrganizations"),
    "organizations:AcceptHandshake": ("organizations.amazonaws.com", "AWSServiceRoleForOrganizations"),
}
