#!/bin/sh
set -eu
# ask for an exception in guardrails-1 for role Lza
# Owner: organization

cat > policy-1.json <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "GRS3",
      "Effect": "Deny",
      "Action": "s3:PutBucketPolicy",
      "Resource": "*",
      "Condition": {
        "ArnNotLike": {
          "aws:PrincipalArn": [
            "arn:aws:iam::*:role/Admin*",
            "arn:aws:iam::111122223333:role/Lza"
          ]
        }
      }
    }
  ]
}
POLICY
aws organizations describe-policy --policy-id p-guardrails1 > before-1.json
aws organizations update-policy --policy-id p-guardrails1 --content file://policy-1.json
