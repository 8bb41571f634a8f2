"""EC2 Auto Scaling: the roles of launch configurations and hooks."""

from collections.abc import Iterator

from undeny.calls._behind import Call, Reason, beside
from undeny.calls._place import dig
from undeny.calls._roles import in_profile, pass_role
from undeny.calls.model import Request

TEMPLATES = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html"
SOURCE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html"
TAGGED = {
    "autoscaling:CreateAutoScalingGroup": "autoscaling:CreateOrUpdateTags",
}
PASSES = {
    "autoscaling:PutLifecycleHook": (("roleARN",), "autoscaling.amazonaws.com"),
    "autoscaling:CreateAutoScalingGroup": (("serviceLinkedRoleARN",), "autoscaling.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html"
LINKED = {
    "autoscaling:CreateAutoScalingGroup": ("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
}


def hidden(call: Call) -> Iterator[Request]:
    """Give the launch that a group with a launch template is checked for, and the role in a profile."""
    profile = call.fact("iamInstanceProfile")
    if call.request.action == "autoscaling:CreateLaunchConfiguration" and isinstance(profile, str):
        yield from (pass_role(call, role, "ec2.amazonaws.com") for role in in_profile(call, profile))
    named = any(True for path in ("launchTemplate", "mixedInstancesPolicy") for _ in dig(call.request.parameters, path))
    if call.request.action in {"autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup"} and named:
        reason = Reason("a group with a launch template needs the caller's right to launch from it", TEMPLATES)
        yield beside(call, "ec2:RunInstances", call.arn("ec2", "instance/*"), reason)
