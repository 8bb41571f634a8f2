#!/bin/sh
set -eu
# correct statement 1 of the policy of role deploy: StringLike reads the wildcard

cat > policy-1.json <<'POLICY'
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
aws iam get-role --role-name deploy --query Role.AssumeRolePolicyDocument > before-1.json
aws iam update-assume-role-policy --role-name deploy --policy-document file://policy-1.json
