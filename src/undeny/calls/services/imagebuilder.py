"""Image Builder: the execution role."""

SOURCE = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-lifecycle-prerequisites.html"
TAGGED = {
    "imagebuilder:CreateImagePipeline": "imagebuilder:TagResource",
    "imagebuilder:CreateImage": "imagebuilder:TagResource",
    "imagebuilder:CreateImageRecipe": "imagebuilder:TagResource",
    "imagebuilder:CreateComponent": "imagebuilder:TagResource",
}
PASSES = {
    "imagebuilder:CreateLifecyclePolicy": (("executionRole",), "imagebuilder.amazonaws.com"),
    "imagebuilder:CreateImagePipeline": (("executionRole",), "imagebuilder.amazonaws.com"),
    "imagebuilder:CreateImage": (("executionRole",), "imagebuilder.amazonaws.com"),
}
LINKED_SOURCE = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-builder-service-linked-role.html"
LINKED = {
    "imagebuilder:CreateImage": ("imagebuilder.amazonaws.com", "AWSServiceRoleForImageBuilder"),
    "imagebuilder:CreateImagePipeline": ("imagebuilder.amazonaws.com", "AWSServiceRoleForImageBuilder"),
    "imagebuilder:StartImagePipelineExecution": ("imagebuilder.amazonaws.com", "AWSServiceRoleForImageBuilder"),
}
