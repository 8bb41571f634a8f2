"""IAM Roles Anywhere: the roles of a profile."""

SOURCE = "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/security_iam_service-with-iam.html"
PASSES = {
    "rolesanywhere:CreateProfile": (("roleArns",), "rolesanywhere.amazonaws.com"),
    "rolesanywhere:UpdateProfile": (("roleArns",), "rolesanywhere.amazonaws.com"),
}
