# let service s3.amazonaws.com call sqs:SendMessage

variable "imported_queue_resource_arn" {
  description = "What the policy imported-queue was corrected to name: an ARN of sqs"
  type        = string
  default     = "arn:aws:sqs:us-west-2:111122223333:imported-queue"

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sqs:", var.imported_queue_resource_arn))
    error_message = "This must be an ARN of sqs."
  }
}

resource "aws_sqs_queue_policy" "imported_queue" {
  queue_url = "https://sqs.us-west-2.amazonaws.com/111122223333/imported-queue"
  policy    = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "undeny",
          "Effect": "Allow",
          "Principal": {
            "Service": "s3.amazonaws.com"
          },
          "Action": "sqs:SendMessage",
          "Resource": "${var.imported_queue_resource_arn}",
          "Condition": {
            "ArnLike": {
              "aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"
            },
            "StringEquals": {
              "aws:SourceAccount": "111122223333"
            }
          }
        }
      ]
    }
  POLICY
}
