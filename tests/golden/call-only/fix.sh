#!/bin/sh
set -eu
# send the encryption that the policy asks for
# Change to the call, which no code of this kind makes: send `ServerSideEncryption=aws:kms` (`--sse aws:kms`)
