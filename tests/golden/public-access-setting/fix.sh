#!/bin/sh
set -eu
# switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public

aws s3api get-public-access-block --bucket site > before-public-access.json
aws s3api put-public-access-block --bucket site --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=true

aws s3api put-bucket-ownership-controls --bucket site2 --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
