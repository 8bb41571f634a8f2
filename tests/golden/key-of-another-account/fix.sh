#!/bin/sh
set -eu
# allow role Reader kms:Decrypt, and kms:Decrypt behind it
# Owner: 444455556666

cat > policy-1.json <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "kms:Decrypt",
      "Resource": "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "Condition": {
        "StringEquals": {
          "kms:ViaService": "s3.eu-west-1.amazonaws.com"
        }
      }
    }
  ]
}
POLICY
aws iam put-role-policy --role-name Reader --policy-name undeny-kms-Decrypt --policy-document file://policy-1.json

cat > policy-2.json <<'POLICY'
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
          "kms:ViaService": "s3.eu-west-1.amazonaws.com"
        }
      }
    }
  ]
}
POLICY
aws kms get-key-policy --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --query Policy --output text --region eu-west-1 > before-2.json
aws kms put-key-policy --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --policy file://policy-2.json --region eu-west-1
