"""Transfer Family: the roles of servers and users."""

SOURCE = "https://docs.aws.amazon.com/transfer/latest/userguide/requirements-roles.html"
TAGGED = {
    "transfer:CreateServer": "transfer:TagResource",
    "transfer:CreateUser": "transfer:TagResource",
}
PASSES = {
    "transfer:CreateAccess": (("role",), "transfer.amazonaws.com"),
    "transfer:UpdateAccess": (("role",), "transfer.amazonaws.com"),
    "transfer:CreateAgreement": (("accessRole",), "transfer.amazonaws.com"),
    "transfer:CreateConnector": (("accessRole", "loggingRole"), "transfer.amazonaws.com"),
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
