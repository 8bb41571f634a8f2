"""Amazon Q Developer in chat applications (AWS Chatbot): the service-linked role, and the channel's role."""

SOURCE = "https://docs.aws.amazon.com/chatbot/latest/adminguide/using-service-linked-roles.html"
LINKED = {
    "chatbot:CreateSlackChannelConfiguration": ("management.chatbot.amazonaws.com", "AWSServiceRoleForAWSChatbot"),
}
PASSES = {"chatbot:CreateSlackChannelConfiguration": (("iamRoleArn",), "chatbot.amazonaws.com")}
