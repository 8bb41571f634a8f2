# let role App's call s3:PutObject, in the policy of arn:aws:s3:::shared

variable "shared_resource_arn" {
  description = "What the policy shared was corrected to name: an ARN of s3"
  type        = string
  default     = "arn:aws:s3:::shared/a'b.txt"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:", var.shared_resource_arn))
    error_message = "This must be an ARN of s3."
  }
}

import {
  to = aws_s3_bucket_policy.shared
  id = "shared"
}

resource "aws_s3_bucket_policy" "shared" {
  bucket = "shared"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {
            "AWS": "arn:aws:iam::111122223333:root"
          },
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::shared/*"
        },
        {
          "Sid": "undeny",
          "Effect": "Allow",
          "Principal": {
            "AWS": "arn:aws:iam::111122223333:role/App's"
          },
          "Action": "s3:PutObject",
          "Resource": "${var.shared_resource_arn}"
        }
      ]
    }
  POLICY
}
