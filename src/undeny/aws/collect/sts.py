"""STS: whose credentials read. It needs no permission, so a policy may leave it out; an explicit deny does not stop it either."""

PERMISSIONS = {
    "sts:GetCallerIdentity": (
        "which account is read, so that evidence of another is never used",
        "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    ),
}
