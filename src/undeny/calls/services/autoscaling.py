"""EC2 Auto Scaling: the roles of launch configurations and hooks."""

SOURCE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html"
TAGGED = {
    "autoscaling:CreateAutoScalingGroup": "autoscaling:CreateOrUpdateTags",
}
PASSES = {
    "autoscaling:PutLifecycleHook": (("roleARN",), "autoscaling.amazonaws.com"),
    "autoscaling:CreateLaunchConfiguration": (("iamInstanceProfile",), "ec2.amazonaws.com"),
    "autoscaling:CreateAutoScalingGroup": (("serviceLinkedRoleARN",), "autoscaling.amazonaws.com"),
}
