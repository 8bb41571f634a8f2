# allow role Reader kms:Decrypt, and kms:Decrypt behind it
# Owner: 444455556666

variable "reader_undeny_kms_decrypt_resource_arn" {
  description = "What the policy undeny-kms-Decrypt was corrected to name: an ARN of kms"
  type        = string
  default     = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:", var.reader_undeny_kms_decrypt_resource_arn))
    error_message = "This must be an ARN of kms."
  }
}

resource "aws_iam_role_policy" "Reader_undeny_kms_Decrypt" {
  name   = "undeny-kms-Decrypt"
  role   = "Reader"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "kms:Decrypt",
          "Resource": "${var.reader_undeny_kms_decrypt_resource_arn}",
          "Condition": {
            "StringEquals": {
              "kms:ViaService": "s3.eu-west-1.amazonaws.com"
            }
          }
        }
      ]
    }
  POLICY
}

variable "x_1234abcd_12ab_34cd_56ef_1234567890ab_viaservice" {
  description = "What the policy 1234abcd-12ab-34cd-56ef-1234567890ab was corrected to name: a value of kms:ViaService like s3.eu-west-1.amazonaws.com"
  type        = string
  default     = "s3.eu-west-1.amazonaws.com"

  validation {
    condition     = can(regex("^[a-z0-9.-]+[.]amazonaws[.]com$", var.x_1234abcd_12ab_34cd_56ef_1234567890ab_viaservice))
    error_message = "This must be a value of kms:ViaService like s3.eu-west-1.amazonaws.com."
  }
}

import {
  to = aws_kms_key_policy.x_1234abcd_12ab_34cd_56ef_1234567890ab
  id = "1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_kms_key_policy" "x_1234abcd_12ab_34cd_56ef_1234567890ab" {
  key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Enable IAM User Permissions",
          "Effect": "Allow",
          "Principal": {
            "AWS": "arn:aws:iam::444455556666:root"
          },
          "Action": "kms:*",
          "Resource": "*"
        },
        {
          "Sid": "undeny",
          "Effect": "Allow",
          "Principal": {
            "AWS": "arn:aws:iam::111122223333:role/Reader"
          },
          "Action": "kms:Decrypt",
          "Resource": "*",
          "Condition": {
            "StringEquals": {
              "kms:ViaService": "${var.x_1234abcd_12ab_34cd_56ef_1234567890ab_viaservice}"
            }
          }
        }
      ]
    }
  POLICY
}
