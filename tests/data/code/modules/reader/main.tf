variable "name" {}
variable "bucket" {}
variable "extra" { default = [] }

resource "aws_iam_role" "this" {
  name               = "${var.name}-reader"
  assume_role_policy = file("${path.module}/trust.json")
}

resource "aws_iam_role_policy" "this" {
  name = "read"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = format("arn:aws:s3:::%s", var.bucket)
      },
    ]
  })
}
