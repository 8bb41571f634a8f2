"""EventBridge Scheduler: the role with which a schedule reaches its target."""

SOURCE = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role"
TAGGED = {
    "scheduler:CreateScheduleGroup": "scheduler:TagResource",
}
PASSES = {
    "scheduler:CreateSchedule": (("target.roleArn",), "scheduler.amazonaws.com"),
    "scheduler:UpdateSchedule": (("target.roleArn",), "scheduler.amazonaws.com"),
}
