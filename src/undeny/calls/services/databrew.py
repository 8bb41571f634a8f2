"""DataBrew: the role of a job."""

SOURCE = "https://docs.aws.amazon.com/databrew/latest/dg/iam-policy-for-data-resources-role.html"
PASSES = {
    "databrew:CreateProfileJob": (("roleArn",), "databrew.amazonaws.com"),
    "databrew:CreateRecipeJob": (("roleArn",), "databrew.amazonaws.com"),
    "databrew:UpdateProfileJob": (("roleArn",), "databrew.amazonaws.com"),
    "databrew:UpdateRecipeJob": (("roleArn",), "databrew.amazonaws.com"),
    "databrew:CreateProject": (("roleArn",), "databrew.amazonaws.com"),
}
