"""EKS: the roles of clusters, node groups and Fargate profiles."""

from collections.abc import Iterator

from undeny.calls._behind import Call, KeyUse, Reason, beside, kms
from undeny.calls.model import Request

SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/security-iam.html"
ROLES = "https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"
KEY_SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html"
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
LINKED_SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html"
LINKED = {
    "eks:CreateCluster": ("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
    "eks:CreateNodegroup": ("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),
    "eks:CreateFargateProfile": ("eks-fargate.amazonaws.com", "AWSServiceRoleForAmazonEKSForFargate"),
    "eks:RegisterCluster": ("eks-connector.amazonaws.com", "AWSServiceRoleForAmazonEKSConnector"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give EKS's look at the node role with the caller's permissions, and the grant on a cluster's key."""
    role = call.fact("nodeRole")
    if call.request.action == "eks:CreateNodegroup" and isinstance(role, str):
        for name in ("GetRole", "ListAttachedRolePolicies"):
            yield beside(call, f"iam:{name}", role, Reason("EKS checks the node role with your permissions", ROLES))
    key = call.fact("encryptionConfig.provider.keyArn")
    if call.request.action in {"eks:CreateCluster", "eks:AssociateEncryptionConfig"} and isinstance(key, str):
        use = KeyUse(via="eks", key=key, actions=("DescribeKey", "CreateGrant"))
        yield from kms(call, use, Reason("EKS takes a grant on the key of the cluster's secrets", KEY_SOURCE))
