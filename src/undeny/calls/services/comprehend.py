"""Comprehend: the role that reads and writes the data of a job."""

SOURCE = "https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html"
PASSES = {
    "comprehend:StartEntitiesDetectionJob": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
    "comprehend:StartSentimentDetectionJob": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
    "comprehend:StartTopicsDetectionJob": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
    "comprehend:CreateDocumentClassifier": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
    "comprehend:CreateEntityRecognizer": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
    "comprehend:StartDocumentClassificationJob": (("dataAccessRoleArn",), "comprehend.amazonaws.com"),
}
