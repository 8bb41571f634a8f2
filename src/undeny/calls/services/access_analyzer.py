"""IAM Access Analyzer: the service-linked role, and the role that policy generation reads trails with."""

SOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-using-service-linked-roles.html"
LINKED = {
    "access-analyzer:CreateAnalyzer": ("access-analyzer.amazonaws.com", "AWSServiceRoleForAccessAnalyzer"),
}
PASSES = {"access-analyzer:StartPolicyGeneration": (("cloudTrailDetails.accessRole",), "access-analyzer.amazonaws.com")}
