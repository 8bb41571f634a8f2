# switch BlockPublicPolicy off on arn:aws:s3:::site, if it is meant to be public

resource "aws_s3_bucket_public_access_block" "site" {
  bucket                  = "site"
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = false
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "site2" {
  bucket = "site2"

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
