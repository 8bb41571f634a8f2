"""Translate: the role that reads and writes the documents of a job."""

SOURCE = "https://docs.aws.amazon.com/translate/latest/dg/async-prereqs.html"
PASSES = {
    "translate:StartTextTranslationJob": (("dataAccessRoleArn",), "translate.amazonaws.com"),
}
