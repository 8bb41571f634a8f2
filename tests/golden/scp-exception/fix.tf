# ask for an exception in guardrails-1 for role Lza
# Owner: organization

variable "ou_ab12_11111111_p_guardrails1_principalarn" {
  description = "What the policy p-guardrails1 was corrected to name: a value of aws:PrincipalArn like arn:aws:iam::111122223333:role/Lza"
  type        = string
  default     = "arn:aws:iam::111122223333:role/Lza"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam:", var.ou_ab12_11111111_p_guardrails1_principalarn))
    error_message = "This must be a value of aws:PrincipalArn like arn:aws:iam::111122223333:role/Lza."
  }
}

import {
  to = aws_organizations_policy.ou_ab12_11111111_p_guardrails1
  id = "p-guardrails1"
}

resource "aws_organizations_policy" "ou_ab12_11111111_p_guardrails1" {
  name    = "p-guardrails1"
  type    = "SERVICE_CONTROL_POLICY"
  content = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "GRS3",
          "Effect": "Deny",
          "Action": "s3:PutBucketPolicy",
          "Resource": "*",
          "Condition": {
            "ArnNotLike": {
              "aws:PrincipalArn": [
                "arn:aws:iam::*:role/Admin*",
                "${var.ou_ab12_11111111_p_guardrails1_principalarn}"
              ]
            }
          }
        }
      ]
    }
  POLICY
}
