"""Cognito user pools: roles for SMS and for groups."""

SOURCE = "https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html"
TAGGED = {
    "cognito-idp:CreateUserPool": "cognito-idp:TagResource",
}
PASSES = {
    "cognito-idp:CreateUserPool": (("smsConfiguration.snsCallerArn",), "cognito-idp.amazonaws.com"),
    "cognito-idp:UpdateUserPool": (("smsConfiguration.snsCallerArn",), "cognito-idp.amazonaws.com"),
    "cognito-idp:CreateGroup": (("roleArn",), "cognito-idp.amazonaws.com"),
    "cognito-idp:UpdateGroup": (("roleArn",), "cognito-idp.amazonaws.com"),
}
