"""Organizations: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html"
TAGGED = {
    "organizations:CreateAccount": "organizations:TagResource",
    "organizations:CreateGovCloudAccount": "organizations:TagResource",
    "organizations:CreateOrganizationalUnit": "organizations:TagResource",
    "organizations:CreatePolicy": "organizations:TagResource",
    "organizations:InviteAccountToOrganization": "organizations:TagResource",
}
