"""EFS: tags at creation."""

SOURCE = "https://docs.aws.amazon.com/efs/latest/ug/using-tags-efs.html"
TAGGED = {
    "elasticfilesystem:CreateFileSystem": "elasticfilesystem:TagResource",
    "elasticfilesystem:CreateAccessPoint": "elasticfilesystem:TagResource",
}
