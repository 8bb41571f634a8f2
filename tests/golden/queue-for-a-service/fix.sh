#!/bin/sh
set -eu
# let service s3.amazonaws.com call sqs:SendMessage

cat > policy-1.json <<'POLICY'
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
      "Resource": "arn:aws:sqs:us-west-2:111122223333:imported-queue",
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
python3 -c "import json; print(json.dumps(dict(Policy=open('policy-1.json').read())))" > attributes-1.json
aws sqs set-queue-attributes --region us-west-2 --queue-url https://sqs.us-west-2.amazonaws.com/111122223333/imported-queue --attributes file://attributes-1.json
