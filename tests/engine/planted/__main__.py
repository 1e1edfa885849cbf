"""A program that breaks each law of the policy pack once: it is previewed, and never brought up."""

import json

import pulumi
import pulumi_aws as aws

provider = aws.Provider("aws", region="us-east-1")
opts = pulumi.ResourceOptions(provider=provider)
ROLE = "arn:aws:iam::123456789012:role/somebody"
PACKAGE = pulumi.AssetArchive({"handler.py": pulumi.StringAsset("def handler(event, context): ...\n")})

aws.sqs.Queue("no-dead-letters", name="turns", sqs_managed_sse_enabled=True, opts=opts)
aws.sqs.Queue("plain", name="turns-dead", sqs_managed_sse_enabled=False, opts=opts)
aws.s3.BucketPublicAccessBlock("half-closed", bucket="page", block_public_acls=True, opts=opts)
aws.s3.Bucket("ajar", bucket="ajar", opts=opts)
aws.ec2.SecurityGroup(
    "open-group",
    description="Open.",
    ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "ipv6_cidr_blocks": ["::/0"]}],
    opts=opts,
)
aws.vpc.SecurityGroupIngressRule(
    "open-rule",
    security_group_id="sg-1",
    cidr_ipv4="0.0.0.0/0",
    ip_protocol="tcp",
    from_port=443,
    to_port=443,
    opts=opts,
)
aws.lambda_.FunctionUrl("open-address", function_name="turn", authorization_type="NONE", opts=opts)
aws.lambda_.Permission("anybody", function="turn", action="lambda:InvokeFunction", principal="*", opts=opts)
aws.iam.RolePolicy(
    "wide",
    role="somebody",
    policy=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
    ),
    opts=opts,
)
aws.cloudwatch.LogGroup("for-ever", name="for-ever", opts=opts)
aws.cloudwatch.MetricAlarm(
    "unheard",
    name="unheard",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    metric_name="Errors",
    namespace="AWS/Lambda",
    period=60,
    statistic="Sum",
    threshold=1,
    opts=opts,
)
aws.opensearch.Domain("readable", domain_name="readable", engine_version="OpenSearch_2.15", opts=opts)
for name, variables in {
    "draft": {"GUARDRAIL_ID": "g", "GUARDRAIL_VERSION": "DRAFT"},
    "telling": {"OPENAI_API_KEY": "sk"},
}.items():
    aws.lambda_.Function(
        name,
        name=name,
        role=ROLE,
        runtime="python3.13",
        handler="handler.handler",
        code=PACKAGE,
        environment={"variables": variables},
        opts=opts,
    )
