"""Who may do what."""

from tests.deploy.closedness.mutations.mutation import add, change

OURS = "{aws:SourceVpce: !If [ByEndpoint, !Ref S3Id, !Ref S3GatewayId]}"
OUR_ENDPOINT = f"            Condition: {{StringEquals: {OURS}}}\n"
SITE_DENY = (
    f"            Condition:\n              StringNotEquals: {OURS}\n"
    "              ArnNotLike: {aws:PrincipalArn: !If [ByApi, [!Ref DeployerRoleArn, !Ref WebRoleArn], "
    "!Ref DeployerRoleArn]}\n"
)
SITE_READ = (
    '            Action: s3:GetObject\n            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    + OUR_ENDPOINT
)
SITE_POLICY = "site.SitePolicy"
SITE_DENIED = (
    "            Action: [s3:GetObject, s3:GetObjectVersion, s3:PutObject, s3:DeleteObject, s3:DeleteObjectVersion]\n"
)
NOWHERE_ELSE = (
    '          - Sid: NowhereElse\n            Effect: Deny\n            Principal: "*"\n'
    + SITE_DENIED
    + '            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    + SITE_DENY
)
READ_SITE = (
    '            Action: s3:GetObject\n            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    "          - !If\n"
)
ATTACHMENTS_TLS = "          - Sid: TlsOnly\n"
API_POLICY = (
    '      PolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n'
    "          # Callers sign in to the application, not to AWS: anonymous to IAM.\n          - Sid: CallOurApi\n"
    '            Effect: Allow\n            Principal: "*"\n            Action: execute-api:Invoke\n'
    '            Resource: !Sub "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"\n'
)
AUDIT_OBJECTS = '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"]\n              - !If\n'
TASKS_TRUST = "            Principal: {Service: !If [Containers, ecs-tasks.amazonaws.com, lambda.amazonaws.com]}\n"

POLICY = (
    change(
        "site readable from anywhere",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "",
        ("bucket-open", SITE_POLICY),
    ),
    change(
        "condition with IfExists, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "            Condition: {StringEqualsIfExists: {aws:SourceVpce: !Ref S3Id}}\n",
        ("bucket-open", SITE_POLICY),
    ),
    change(
        "condition the wrong way round, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "            Condition: {StringNotEquals: {aws:SourceVpce: !Ref S3Id}}\n",
        ("bucket-open", SITE_POLICY),
    ),
    change(
        "any endpoint will do, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        '            Condition: {StringLike: {aws:SourceVpce: "vpce-*"}}\n',
        ("bucket-open", SITE_POLICY),
    ),
    change(
        "by the Referer header, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        '            Condition: {StringLike: {aws:Referer: "https://approvals.example.co.jp/*"}}\n',
        ("bucket-open", SITE_POLICY),
    ),
    change(
        "listing for another account",
        "artefacts",
        "          # No Allow: whoever comes needs a role of this account that says so.\n",
        '          - {Sid: Partner, Effect: Allow, Principal: {AWS: "arn:aws:iam::210987654321:root"}, '
        'Action: s3:ListBucket, Resource: !Sub "arn:${AWS::Partition}:s3:::${ArtefactsBucket}"}\n',
        ("bucket-open", "artefacts.ArtefactsPolicy"),
    ),
    change(
        "everything on the site for whoever comes through the endpoint",
        "site",
        SITE_READ,
        SITE_READ.replace("Action: s3:GetObject", 'Action: "s3:*"'),
        ("bucket-write", SITE_POLICY),
    ),
    change(
        "everything but deleting on the site",
        "site",
        SITE_READ,
        SITE_READ.replace("Action: s3:GetObject", "NotAction: s3:DeleteObject"),
        ("bucket-write", SITE_POLICY),
    ),
    change(
        "attachments readable without a signature",
        "attachments",
        ATTACHMENTS_TLS,
        '          - Sid: Read\n            Effect: Allow\n            Principal: "*"\n'
        "            Action: s3:GetObject\n"
        '            Resource: !Sub "arn:${AWS::Partition}:s3:::${AttachmentsBucket}/*"\n'
        "            Condition: {StringEquals: {aws:SourceVpce: !Ref S3Id}}\n" + ATTACHMENTS_TLS,
        ("bucket-read", "attachments.AttachmentsPolicy"),
    ),
    change(
        "denial of everything, administrators included",
        "audit",
        "            Action: [s3:PutObject, s3:DeleteObject]\n"
        "            Resource: "
        '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"\n',
        '            Action: "s3:*"\n            Resource: [!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}", '
        '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"]\n',
        ("lockout", "audit.AuditPolicy"),
    ),
    change(
        "endpoint of the API without a policy",
        "endpoints",
        API_POLICY,
        "",
        ("endpoint-open", "endpoints.ExecuteApi"),
    ),
    change(
        "endpoint of the API for every API",
        "endpoints",
        'execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"',
        'execute-api:${AWS::Region}:*:${ApiId}/*"',
        ("endpoint-open", "endpoints.ExecuteApi"),
    ),
    change(
        "S3 endpoint reads every bucket",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("${SiteBucket}/*", "*"),
        ("endpoint-open", "endpoints.S3"),
    ),
    change(
        "S3 endpoint reads every bucket that begins alike",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("${SiteBucket}/*", "cloister-*/*"),
        ("endpoint-open", "endpoints.S3"),
    ),
    change(
        "gateway endpoint writes to any audit bucket",
        "endpoints",
        '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"]\n'
        "            Condition: {ArnEquals: {aws:PrincipalArn: !Ref TasksRoleArn}}\n",
        '!Sub "arn:${AWS::Partition}:s3:::*/*"]\n',
        ("endpoint-open", "endpoints.S3Gateway"),
        ("endpoint-write", "endpoints.S3Gateway"),
    ),
    change(
        "S3 endpoint writes the site for anybody",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("Action: s3:GetObject", "Action: [s3:GetObject, s3:PutObject]"),
        ("endpoint-write", "endpoints.S3"),
    ),
    change(
        "tasks role writes to every bucket",
        "roles",
        AUDIT_OBJECTS,
        AUDIT_OBJECTS.replace("${AuditBucket}/*", "*"),
        ("role-out", "roles.TasksRole"),
    ),
    change(
        "tasks role administers",
        "roles",
        "      Description: Management commands and timers\n",
        "      Description: Management commands and timers\n"
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n",
        ("role-out", "roles.TasksRole"),
        ("role-opens", "roles.TasksRole"),
    ),
    change(
        "deployer may make gateways",
        "roles",
        "              - ec2:CreateVpc\n",
        "              - ec2:CreateVpc\n              - ec2:CreateInternetGateway\n",
        ("role-opens", "roles.DeployNetwork"),
    ),
    change(
        "deployer may make function URLs",
        "roles",
        "              - lambda:ListFunctionUrlConfigs\n",
        '              - "lambda:*FunctionUrlConfig*"\n',
        ("role-opens", "roles.DeployApplication"),
    ),
    change(
        "tasks role for everybody",
        "roles",
        TASKS_TRUST,
        '            Principal: {AWS: "*"}\n',
        ("trust-open", "roles.TasksRole"),
    ),
    change(
        "deployer role for another account",
        "roles",
        'Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}',
        'Principal: {AWS: [!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "210987654321"]}',
        ("trust-open", "roles.DeployerRole"),
    ),
    change(
        "function callable for anybody's timers",
        "tasks",
        "      SourceArn: !GetAtt Tick.Arn\n      SourceAccount: !Ref AWS::AccountId\n",
        "",
        ("invoker-open", "tasks.TickMayCall"),
    ),
    add(
        "function callable by everybody",
        "tasks",
        "  Anybody:\n    Type: AWS::Lambda::Permission\n    Properties: "
        '{FunctionName: !Ref Tasks, Action: lambda:InvokeFunction, Principal: "*"}\n',
        ("invoker-open", "tasks.Anybody"),
    ),
    add(
        "queue for everybody",
        "tasks",
        "  Letters:\n    Type: AWS::SQS::Queue\n  LettersPolicy:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n"
        '      Queues: [!Ref Letters]\n      PolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n'
        '          - {Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Letters.Arn}\n',
        ("resource-open", "tasks.LettersPolicy"),
    ),
    add(
        "key without its account",
        "data",
        '  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Version: "2012-10-17"\n'
        "        Statement:\n          - {Effect: Allow, Principal: {Service: rds.amazonaws.com}, "
        'Action: "kms:Decrypt", Resource: "*", '
        'Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}}\n',
        ("lockout", "data.Key"),
    ),
)
