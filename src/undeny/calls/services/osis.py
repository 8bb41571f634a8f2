"""OpenSearch Ingestion: the role of a pipeline."""

SOURCE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-security-overview.html"
PASSES = {
    "osis:CreatePipeline": (("pipelineRoleArn",), "osis-pipelines.amazonaws.com"),
    "osis:UpdatePipeline": (("pipelineRoleArn",), "osis-pipelines.amazonaws.com"),
}
