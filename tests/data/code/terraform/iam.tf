resource "aws_iam_role" "worker" {
  name = "${local.prefix}-worker"

  assume_role_policy = jsonencode({
    "Version" : "2012-10-17",
    "Statement" : [
      {
        "Effect" : "Allow",
        "Principal" : { "Service" : "ecs-tasks.amazonaws.com" },
        "Action" : "sts:AssumeRole"
      }
    ]
  })

  inline_policy {
    name   = "queue"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs.arn }] })
  }
}

resource "aws_iam_role_policy" "orders" {
  name   = "orders"
  role   = aws_iam_role.worker.id
  policy = jsonencode(local.orders)
}

/* attached to three roles;
   look at them before changing it */
resource "aws_iam_policy" "invoices" {
  name = "${local.prefix}-invoices"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectTagging"]
        Resource = "${aws_s3_bucket.invoices.arn}/*"
      },
      {
        Sid    = "Write" // only what the archive writes
        Effect = "Allow"
        Action = "s3:PutObject"
        Resource = [
          "${aws_s3_bucket.invoices.arn}/archive/*",
          # "${aws_s3_bucket.invoices.arn}/tmp/*",
        ]
        Condition = {
          StringEquals = {
            "s3:x-amz-server-side-encryption" = "aws:kms"
          }
        }
      },
    ]
  })
}

resource "aws_iam_user_policy" "auditor" {
  name   = "audit"
  user   = "auditor"
  policy = file("${path.module}/policies/audit.json")
}

resource "aws_iam_user_policy" "robot" {
  name = "robot"
  user = "robot"
  policy = templatefile("${path.module}/policies/robot.json.tpl", {
    bucket = aws_s3_bucket.invoices.arn
    user   = "robot"
  })
}

resource "aws_s3_bucket_policy" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  policy = data.aws_iam_policy_document.bucket.json
}

data "aws_iam_policy_document" "bucket" {
  policy_id = "invoices"

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.invoices.arn, "${aws_s3_bucket.invoices.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
