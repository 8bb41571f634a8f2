# correct statement 1 of the policy of role deploy: StringLike reads the wildcard

import {
  to = aws_iam_role.deploy
  id = "deploy"
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = <<-POLICY
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
          },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringEquals": {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"
            },
            "StringLike": {
              "token.actions.githubusercontent.com:sub": "repo:org/app:*"
            }
          }
        }
      ]
    }
  POLICY

  lifecycle {
    ignore_changes = [description, max_session_duration, path, permissions_boundary, tags]
  }
}
