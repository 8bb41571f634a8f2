# allow s3:PutObject through the endpoint

import {
  to = aws_iam_policy.App_AppS3
  id = "arn:aws:iam::111122223333:policy/AppS3"
}

resource "aws_iam_policy" "App_AppS3" {
  name   = "AppS3"
  policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "s3:GetObject",
            "s3:PutObject"
          ],
          "Resource": "arn:aws:s3:::b/*"
        }
      ]
    }
  POLICY
}
