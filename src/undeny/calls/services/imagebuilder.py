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
