"""MediaConvert: the role of a job."""

SOURCE = "https://docs.aws.amazon.com/mediaconvert/latest/ug/iam-role.html"
TAGGED = {
    "mediaconvert:CreateJob": "mediaconvert:TagResource",
}
PASSES = {
    "mediaconvert:CreateJob": (("role",), "mediaconvert.amazonaws.com"),
}
