#!/bin/sh
set -eu
# allow s3:PutObject through the endpoint

cat > policy-1.json <<'POLICY'
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
aws iam get-policy --policy-arn arn:aws:iam::111122223333:policy/AppS3 > before-1.json
aws iam create-policy-version --policy-arn arn:aws:iam::111122223333:policy/AppS3 --set-as-default --policy-document file://policy-1.json
