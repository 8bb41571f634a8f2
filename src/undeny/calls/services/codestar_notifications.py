"""CodeStar notifications: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/dtconsole/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "codestar-notifications:CreateNotificationRule": ("codestar-notifications.amazonaws.com", "AWSServiceRoleForCodeStarNotifications"),
}
