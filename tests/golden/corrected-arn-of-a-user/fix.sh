#!/bin/sh
set -eu
# correct statement 2 of Home: its Resource covers this ARN too
# Risk: s3:ListBucket on the bucket shows the names of all objects

cat > policy-1.json <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Own",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::home/${aws:username}/*"
    },
    {
      "Effect": "Allow",
      "Action": [
        "s3:ListBucket"
      ],
      "Resource": [
        "arn:aws:s3:::home/*",
        "arn:aws:s3:::home"
      ]
    }
  ]
}
POLICY
aws iam get-user-policy --user-name ana --policy-name Home --query PolicyDocument > before-1.json
aws iam put-user-policy --user-name ana --policy-name Home --policy-document file://policy-1.json
