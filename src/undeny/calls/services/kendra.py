"""Kendra: the roles of an index and its sources."""

SOURCE = "https://docs.aws.amazon.com/kendra/latest/dg/iam-roles.html"
PASSES = {
    "kendra:CreateIndex": (("roleArn",), "kendra.amazonaws.com"),
    "kendra:UpdateIndex": (("roleArn",), "kendra.amazonaws.com"),
    "kendra:CreateDataSource": (("roleArn",), "kendra.amazonaws.com"),
    "kendra:UpdateDataSource": (("roleArn",), "kendra.amazonaws.com"),
    "kendra:CreateFaq": (("roleArn",), "kendra.amazonaws.com"),
    "kendra:CreateThesaurus": (("roleArn",), "kendra.amazonaws.com"),
}
