"""Cognito identity pools: the roles of identities."""

SOURCE = "https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html"
TAGGED = {
    "cognito-identity:CreateIdentityPool": "cognito-identity:TagResource",
}
PASSES = {
    "cognito-identity:SetIdentityPoolRoles": (
        (
            "roles.authenticated",
            "roles.unauthenticated",
        ),
        "cognito-identity.amazonaws.com",
    ),
}
