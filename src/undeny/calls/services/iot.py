"""IoT Core: the roles of rule actions."""

SOURCE = "https://docs.aws.amazon.com/iot/latest/developerguide/pass-role.html"
PASSES = {
    "iot:CreateTopicRule": (
        (
            "topicRulePayload.actions.s3.roleArn",
            "topicRulePayload.actions.sqs.roleArn",
            "topicRulePayload.actions.sns.roleArn",
            "topicRulePayload.actions.dynamoDB.roleArn",
            "topicRulePayload.actions.dynamoDBv2.roleArn",
            "topicRulePayload.actions.kinesis.roleArn",
            "topicRulePayload.actions.firehose.roleArn",
            "topicRulePayload.actions.republish.roleArn",
            "topicRulePayload.actions.cloudwatchLogs.roleArn",
        ),
        "iot.amazonaws.com",
    ),
    "iot:UpdateRoleAlias": (("roleArn",), "credentials.iot.amazonaws.com"),
    "iot:CreateProvisioningTemplate": (("provisioningRoleArn",), "iot.amazonaws.com"),
    "iot:UpdateProvisioningTemplate": (("provisioningRoleArn",), "iot.amazonaws.com"),
    "iot:RegisterCACertificate": (("registrationConfig.roleArn",), "iot.amazonaws.com"),
    "iot:CreateRoleAlias": (("roleArn",), "credentials.iot.amazonaws.com"),
}
