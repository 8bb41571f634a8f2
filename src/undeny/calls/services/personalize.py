"""Personalize: the role that reads and writes data in S3."""

SOURCE = "https://docs.aws.amazon.com/personalize/latest/dg/set-up-required-permissions.html"
PASSES = {
    "personalize:CreateDatasetImportJob": (("roleArn",), "personalize.amazonaws.com"),
    "personalize:CreateDatasetExportJob": (("roleArn",), "personalize.amazonaws.com"),
    "personalize:CreateBatchInferenceJob": (("roleArn",), "personalize.amazonaws.com"),
    "personalize:CreateBatchSegmentJob": (("roleArn",), "personalize.amazonaws.com"),
    "personalize:CreateDatasetGroup": (("roleArn",), "personalize.amazonaws.com"),
}
