"""PostgreSQL servers that stand for managed ones: TLS by a private authority, sign-in by password or IAM token,
snapshots, and any moment since their beginning restored.

They prove what PostgreSQL does with our statements, roles, certificates and tokens. How RDS itself signs, names, backs
up and fails over is not shown by them.
"""
