module "invoices" {
  source = "./reader"
  name   = "invoices"
  bucket = "shop-invoices"
}

module "reports" {
  source = "./reader"
  name   = "reports"
  bucket = "shop-reports"
  extra  = ["s3:GetObjectVersion"]
}

module "registry" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-policy"
  version = "5.0.0"

  name   = "registry"
  policy = data.aws_iam_policy_document.registry.json
}

data "aws_iam_policy_document" "registry" {
  statement {
    actions   = ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    resources = ["arn:aws:ecr:eu-west-1:210987654321:repository/shop"]
  }
}

resource "aws_iam_role_policy" "each" {
  for_each = toset(["one", "two"])
  name     = "queue"
  role     = each.key
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([{ Effect = "Allow", Action = "sqs:*", Resource = "*" }], var.more)
  })
}
