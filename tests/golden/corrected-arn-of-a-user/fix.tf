# correct statement 2 of Home: its Resource covers this ARN too
# Risk: s3:ListBucket on the bucket shows the names of all objects

variable "ana_home_resource_arn" {
  description = "What the policy Home was corrected to name: an ARN of s3"
  type        = string
  default     = "arn:aws:s3:::home"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:", var.ana_home_resource_arn))
    error_message = "This must be an ARN of s3."
  }
}

import {
  to = aws_iam_user_policy.ana_Home
  id = "ana:Home"
}

resource "aws_iam_user_policy" "ana_Home" {
  name   = "Home"
  user   = "ana"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Own",
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::home/$${aws:username}/*"
        },
        {
          "Effect": "Allow",
          "Action": [
            "s3:ListBucket"
          ],
          "Resource": [
            "arn:aws:s3:::home/*",
            "${var.ana_home_resource_arn}"
          ]
        }
      ]
    }
  POLICY
}
