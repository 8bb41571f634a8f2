"""Lake Formation: the role with which it reads a registered place."""

SOURCE = "https://docs.aws.amazon.com/lake-formation/latest/dg/service-linked-roles.html"
LINKED = {
    "lakeformation:RegisterResource": ("lakeformation.amazonaws.com", "AWSServiceRoleForLakeFormationDataAccess"),
}
PASSES = {
    "lakeformation:RegisterResource": (("roleArn",), "lakeformation.amazonaws.com"),
    "lakeformation:UpdateResource": (("roleArn",), "lakeformation.amazonaws.com"),
}
