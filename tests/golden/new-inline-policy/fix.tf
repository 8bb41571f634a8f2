# allow role App s3:DeleteObject on arn:aws:s3:::logs-prod/2026/app.json

variable "app_undeny_s3_deleteobject_resource_arn" {
  description = "What the policy undeny-s3-DeleteObject was corrected to name: an ARN of s3"
  type        = string
  default     = "arn:aws:s3:::logs-prod/2026/app.json"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:", var.app_undeny_s3_deleteobject_resource_arn))
    error_message = "This must be an ARN of s3."
  }
}

resource "aws_iam_role_policy" "App_undeny_s3_DeleteObject" {
  name   = "undeny-s3-DeleteObject"
  role   = "App"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:DeleteObject",
          "Resource": "${var.app_undeny_s3_deleteobject_resource_arn}"
        }
      ]
    }
  POLICY
}
