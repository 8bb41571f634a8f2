#!/bin/sh
# switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public
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
# what is there comes into the stack as it is: an import changes nothing
waits=stack-import-complete
step undeny-import IMPORT "$base.before.template.json" --resources-to-import "file://$base.resources-to-import.json"
# the change
waits=stack-update-complete
step undeny-change UPDATE "$base.template.json"
# where another stack has it already, import nothing: move it here, with both templates as they are to be,
# aws cloudformation create-stack-refactor --resource-mappings file://mapping.json \
#   --stack-definitions StackName=OTHER,TemplateBody@=file://other.json "StackName=$STACK,TemplateBody@=file://$base.before.template.json"
# aws cloudformation execute-stack-refactor --stack-refactor-id ID
