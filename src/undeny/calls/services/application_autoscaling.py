"""Application Auto Scaling: the role of a scalable target."""

SOURCE = "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_service-with-iam.html"
PASSES = {
    "application-autoscaling:RegisterScalableTarget": (("roleARN",), "application-autoscaling.amazonaws.com"),
}
