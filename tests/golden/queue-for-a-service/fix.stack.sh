#!/bin/sh
# let service s3.amazonaws.com call sqs:SendMessage
# Makes change sets and shows them; with --apply it carries them out. STACK names the stack.
set -eu
cd "$(dirname "$0")"
base=$(basename "$0" .stack.sh)
STACK=${STACK:-undeny-$base}
step() { # name, type, template, more options
  name=$1 kind=$2 template=$3
  shift 3
  aws cloudformation create-change-set --stack-name "$STACK" --change-set-name "$name" --change-set-type "$kind" \
    --template-body "file://$template" "$@"
  aws cloudformation wait change-set-create-complete --stack-name "$STACK" --change-set-name "$name"
  aws cloudformation describe-change-set --stack-name "$STACK" --change-set-name "$name" --query 'Changes[].ResourceChange'
  if [ "$apply" != --apply ]; then
    echo "nothing was changed; look at the change set, then: sh $0 --apply"
    aws cloudformation delete-change-set --stack-name "$STACK" --change-set-name "$name"
    exit 0
  fi
  aws cloudformation execute-change-set --stack-name "$STACK" --change-set-name "$name"
  aws cloudformation wait "$waits" --stack-name "$STACK"
}
apply=${1:-}
# everything in it is new
waits=stack-create-complete
step undeny-change CREATE "$base.template.json"
