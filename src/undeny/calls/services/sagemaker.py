"""SageMaker: execution roles, and tags."""

SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
TAGGED = {
    "sagemaker:CreateTrainingJob": "sagemaker:AddTags",
    "sagemaker:CreateProcessingJob": "sagemaker:AddTags",
    "sagemaker:CreateTransformJob": "sagemaker:AddTags",
    "sagemaker:CreateModel": "sagemaker:AddTags",
    "sagemaker:CreateEndpoint": "sagemaker:AddTags",
    "sagemaker:CreateEndpointConfig": "sagemaker:AddTags",
    "sagemaker:CreateNotebookInstance": "sagemaker:AddTags",
    "sagemaker:CreateDomain": "sagemaker:AddTags",
    "sagemaker:CreateUserProfile": "sagemaker:AddTags",
    "sagemaker:CreateApp": "sagemaker:AddTags",
    "sagemaker:CreateSpace": "sagemaker:AddTags",
    "sagemaker:CreatePipeline": "sagemaker:AddTags",
    "sagemaker:CreateAutoMLJob": "sagemaker:AddTags",
    "sagemaker:CreateHyperParameterTuningJob": "sagemaker:AddTags",
    "sagemaker:CreateFeatureGroup": "sagemaker:AddTags",
    "sagemaker:CreateModelPackage": "sagemaker:AddTags",
    "sagemaker:CreateModelPackageGroup": "sagemaker:AddTags",
    "sagemaker:CreateExperiment": "sagemaker:AddTags",
    "sagemaker:CreateLabelingJob": "sagemaker:AddTags",
}
PASSES = {
    "sagemaker:CreateTrainingJob": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateProcessingJob": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateModel": (("executionRoleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateNotebookInstance": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:UpdateNotebookInstance": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateDomain": (("defaultUserSettings.executionRole",), "sagemaker.amazonaws.com"),
    "sagemaker:UpdateDomain": (("defaultUserSettings.executionRole",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateUserProfile": (("userSettings.executionRole",), "sagemaker.amazonaws.com"),
    "sagemaker:UpdateUserProfile": (("userSettings.executionRole",), "sagemaker.amazonaws.com"),
    "sagemaker:CreatePipeline": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:UpdatePipeline": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateAutoMLJob": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateAutoMLJobV2": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateHyperParameterTuningJob": (("trainingJobDefinition.roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateFeatureGroup": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateLabelingJob": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateCompilationJob": (("roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateMonitoringSchedule": (("monitoringScheduleConfig.monitoringJobDefinition.roleArn",), "sagemaker.amazonaws.com"),
    "sagemaker:CreateFlowDefinition": (("roleArn",), "sagemaker.amazonaws.com"),
}
CONTEXT = {
    "resourceConfig.instanceType": "sagemaker:InstanceTypes",
    "vpcConfig.subnets": "sagemaker:VpcSubnets",
    "vpcConfig.securityGroupIds": "sagemaker:VpcSecurityGroupIds",
    "rootAccess": "sagemaker:RootAccess",
    "directInternetAccess": "sagemaker:DirectInternetAccess",
}
LINKED_SOURCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol-notebooks.html"
LINKED = {
    "sagemaker:CreateDomain": ("sagemaker.amazonaws.com", "AWSServiceRoleForAmazonSageMakerNotebooks"),
}
