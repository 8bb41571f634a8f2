"""Glue: the roles of jobs, crawlers and sessions."""

SOURCE = "https://docs.aws.amazon.com/glue/latest/dg/configure-iam-for-glue.html"
TAGGED = {
    "glue:CreateJob": "glue:TagResource",
    "glue:CreateCrawler": "glue:TagResource",
    "glue:CreateTrigger": "glue:TagResource",
    "glue:CreateWorkflow": "glue:TagResource",
    "glue:CreateDevEndpoint": "glue:TagResource",
    "glue:CreateConnection": "glue:TagResource",
    "glue:CreateDatabase": "glue:TagResource",
    "glue:CreateSession": "glue:TagResource",
}
PASSES = {
    "glue:CreateJob": (("role",), "glue.amazonaws.com"),
    "glue:UpdateJob": (("jobUpdate.role",), "glue.amazonaws.com"),
    "glue:CreateCrawler": (("role",), "glue.amazonaws.com"),
    "glue:UpdateCrawler": (("role",), "glue.amazonaws.com"),
    "glue:CreateDevEndpoint": (("roleArn",), "glue.amazonaws.com"),
    "glue:CreateMLTransform": (("role",), "glue.amazonaws.com"),
    "glue:UpdateMLTransform": (("role",), "glue.amazonaws.com"),
    "glue:CreateSession": (("role",), "glue.amazonaws.com"),
    "glue:StartDataQualityRuleRecommendationRun": (("role",), "glue.amazonaws.com"),
}
