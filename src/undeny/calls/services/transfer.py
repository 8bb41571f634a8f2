"""Transfer Family: the roles of servers and users."""

SOURCE = "https://docs.aws.amazon.com/transfer/latest/userguide/requirements-roles.html"
TAGGED = {
    "transfer:CreateServer": "transfer:TagResource",
    "transfer:CreateUser": "transfer:TagResource",
}
PASSES = {
    "transfer:CreateServer": (
        (
            "loggingRole",
            "identityProviderDetails.invocationRole",
        ),
        "transfer.amazonaws.com",
    ),
    "transfer:UpdateServer": (
        (
            "loggingRole",
            "identityProviderDetails.invocationRole",
        ),
        "transfer.amazonaws.com",
    ),
    "transfer:CreateUser": (("role",), "transfer.amazonaws.com"),
    "transfer:UpdateUser": (("role",), "transfer.amazonaws.com"),
}
