"""Application Auto Scaling: the role of a scalable target, and the service-linked role of each kind of target."""

from collections.abc import Iterator

from undeny.calls._behind import Call

SOURCE = "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_service-with-iam.html"
LINKED_SOURCE = "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html"
PASSES = {
    "application-autoscaling:RegisterScalableTarget": (("roleARN",), "application-autoscaling.amazonaws.com"),
}
CONTEXT = {
    "serviceNamespace": "application-autoscaling:service-namespace",
    "scalableDimension": "application-autoscaling:scalable-dimension",
}
TARGETS = {
    "appstream": ("appstream", "AppStreamFleet"),
    "cassandra": ("cassandra", "CassandraTable"),
    "comprehend": ("comprehend", "ComprehendEndpoint"),
    "custom-resource": ("custom-resource", "CustomResource"),
    "dynamodb": ("dynamodb", "DynamoDBTable"),
    "ec2": ("ec2", "EC2SpotFleetRequest"),
    "ecs": ("ecs", "ECSService"),
    "elasticache": ("elasticache", "ElastiCacheRG"),
    "kafka": ("kafka", "KafkaCluster"),
    "lambda": ("lambda", "LambdaConcurrency"),
    "neptune": ("neptune", "NeptuneCluster"),
    "rds": ("rds", "RDSCluster"),
    "sagemaker": ("sagemaker", "SageMakerEndpoint"),
    "workspaces": ("workspaces", "WorkSpacesPool"),
}
"""Namespace to the service and the end of the role's name: `LINKED_SOURCE`."""


def linked(call: Call) -> Iterator[tuple[str, str]]:
    """Give the role of the target's namespace."""
    namespace = call.fact("serviceNamespace")
    if call.request.action == "application-autoscaling:RegisterScalableTarget" and namespace in TARGETS:
        service, ending = TARGETS[str(namespace)]
        yield f"{service}.application-autoscaling.amazonaws.com", f"AWSServiceRoleForApplicationAutoScaling_{ending}"
