{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${bucket}/$${aws:username}/*"},
    {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::210987654321:user/${user}"}
  ]
}
