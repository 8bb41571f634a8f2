"""Budgets: the role of a budget action."""

SOURCE = "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-action-role.html"
PASSES = {
    "budgets:CreateBudgetAction": (("executionRoleArn",), "budgets.amazonaws.com"),
    "budgets:UpdateBudgetAction": (("executionRoleArn",), "budgets.amazonaws.com"),
}
