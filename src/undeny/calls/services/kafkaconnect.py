"""MSK Connect: the service-linked role, and the role of a connector."""

SOURCE = "https://docs.aws.amazon.com/msk/latest/developerguide/mkc-connect-using-service-linked-roles.html"
LINKED = {
    "kafkaconnect:CreateConnector": ("kafkaconnect.amazonaws.com", "AWSServiceRoleForKafkaConnect"),
}
PASSES = {"kafkaconnect:CreateConnector": (("serviceExecutionRoleArn",), "kafkaconnect.amazonaws.com")}
