# Everything that one small service needs, in the styles that people write.

terraform {
  required_version = ">= 1.5"
}

variable "env" {
  description = "where this runs"
  type        = string
}

variable "account" {
  type    = string
  default = "000000000000" # set by the pipeline
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  prefix = "shop-${var.env}"
  orders = {
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:Query"]
      Resource = aws_dynamodb_table.orders.arn
    }]
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket = "${local.prefix}-invoices"
}

resource "aws_dynamodb_table" "orders" {
  name         = "${local.prefix}-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_sqs_queue" "jobs" {
  name = "${local.prefix}-jobs"
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy    = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Topic",
          "Effect": "Allow",
          "Principal": {"Service": "sns.amazonaws.com"},
          "Action": "sqs:SendMessage",
          "Resource": "${aws_sqs_queue.jobs.arn}",
          "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:${var.account}:news"}}
        }
      ]
    }
  EOT
}

resource "aws_kms_key" "invoices" {
  description = "invoices at rest"
  policy      = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  # without this nobody could repair the policy
  statement {
    sid       = "Root"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }

  statement {
    sid = "Decrypt"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey", # clients look it up
    ]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.worker.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.name}.amazonaws.com"]
    }
  }
}
