"""What we need of AWS without botocore, which costs 150 to 200 ms at start: signatures, credentials, one request.

Signatures follow "Signature Version 4" of the IAM and S3 user guides; tests hold every one against botocore's.
"""
