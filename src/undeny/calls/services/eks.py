"""EKS: the roles of clusters, node groups and Fargate profiles."""

SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/security-iam.html"
TAGGED = {
    "eks:CreateCluster": "eks:TagResource",
    "eks:CreateNodegroup": "eks:TagResource",
    "eks:CreateFargateProfile": "eks:TagResource",
    "eks:CreateAddon": "eks:TagResource",
    "eks:CreatePodIdentityAssociation": "eks:TagResource",
    "eks:CreateAccessEntry": "eks:TagResource",
}
PASSES = {
    "eks:CreateCluster": (("roleArn",), "eks.amazonaws.com"),
    "eks:CreateNodegroup": (("nodeRole",), "eks.amazonaws.com"),
    "eks:CreateFargateProfile": (("podExecutionRoleArn",), "eks-fargate-pods.amazonaws.com"),
    "eks:CreateAddon": (("serviceAccountRoleArn",), "eks.amazonaws.com"),
    "eks:UpdateAddon": (("serviceAccountRoleArn",), "eks.amazonaws.com"),
    "eks:CreatePodIdentityAssociation": (("roleArn",), "pods.eks.amazonaws.com"),
    "eks:UpdatePodIdentityAssociation": (("roleArn",), "pods.eks.amazonaws.com"),
}
