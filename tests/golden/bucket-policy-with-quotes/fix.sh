#!/bin/sh
set -eu
# let role App's call s3:PutObject, in the policy of arn:aws:s3:::shared

cat > policy-1.json <<'POLICY'
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
      "Resource": "arn:aws:s3:::shared/a'b.txt"
    }
  ]
}
POLICY
aws s3api get-bucket-policy --bucket shared --query Policy --output text > before-1.json
aws s3api put-bucket-policy --bucket shared --policy file://policy-1.json
