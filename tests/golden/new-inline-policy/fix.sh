#!/bin/sh
set -eu
# allow role App s3:DeleteObject on arn:aws:s3:::logs-prod/2026/app.json

cat > policy-1.json <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "s3:DeleteObject",
      "Resource": "arn:aws:s3:::logs-prod/2026/app.json"
    }
  ]
}
POLICY
aws iam put-role-policy --role-name App --policy-name undeny-s3-DeleteObject --policy-document file://policy-1.json
