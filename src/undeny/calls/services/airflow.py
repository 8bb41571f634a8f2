"""Managed Airflow: the execution role."""

SOURCE = "https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html"
TAGGED = {
    "airflow:CreateEnvironment": "airflow:TagResource",
}
PASSES = {
    "airflow:CreateEnvironment": (("executionRoleArn",), "airflow.amazonaws.com"),
    "airflow:UpdateEnvironment": (("executionRoleArn",), "airflow.amazonaws.com"),
}
