"""Elastic Beanstalk: the service-linked role, and the roles of an environment."""

SOURCE = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-service-linked-roles.html"
LINKED = {
    "elasticbeanstalk:CreateEnvironment": ("elasticbeanstalk.amazonaws.com", "AWSServiceRoleForElasticBeanstalk"),
}
PASSES = {
    "elasticbeanstalk:CreateEnvironment": (("operationsRole",), "elasticbeanstalk.amazonaws.com"),
    "elasticbeanstalk:AssociateEnvironmentOperationsRole": (("operationsRole",), "elasticbeanstalk.amazonaws.com"),
}
