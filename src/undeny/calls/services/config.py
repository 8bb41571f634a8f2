"""AWS Config: the role of the recorder."""

SOURCE = "https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html"
PASSES = {
    "config:PutConfigurationAggregator": (("organizationAggregationSource.roleArn",), "config.amazonaws.com"),
    "config:PutConfigurationRecorder": (("configurationRecorder.roleARN",), "config.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "config:PutConformancePack": ("config-conforms.amazonaws.com", "AWSServiceRoleForConfigConforms"),
    "config:PutOrganizationConformancePack": ("config-multiaccountsetup.amazonaws.com", "AWSServiceRoleForConfigMultiAccountSetup"),
    "config:PutOrganizationConfigRule": ("config-multiaccountsetup.amazonaws.com", "AWSServiceRoleForConfigMultiAccountSetup"),
    "config:PutServiceLinkedConfigurationRecorder": ("config.amazonaws.com", "AWSServiceRoleForConfig"),
}
