"""Transcribe: the role that reads the media of a job."""

SOURCE = "https://docs.aws.amazon.com/transcribe/latest/dg/security_iam_id-based-policy-examples.html"
PASSES = {
    "transcribe:StartTranscriptionJob": (("jobExecutionSettings.dataAccessRoleArn",), "transcribe.amazonaws.com"),
    "transcribe:StartCallAnalyticsJob": (("dataAccessRoleArn",), "transcribe.amazonaws.com"),
    "transcribe:CreateLanguageModel": (("inputDataConfig.dataAccessRoleArn",), "transcribe.amazonaws.com"),
}
