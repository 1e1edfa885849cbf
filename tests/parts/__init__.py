"""The parts that AWS's adapters are proven on: real ones where they can run, and ours that speak the same protocols.

Each starts when a test first asks for its fixture, once a session, and ends with it, even if pytest is killed. A test
that asks for one is marked `real`. What is missing on this machine is skipped with the way to get it, and fails in CI.

An `Endpoint` has what clients need to get there: `create_client("dynamodb", **moto.arguments)`, `env=moto.environ`.

- `moto` (fixture): DynamoDB, S3, Cognito and the like, empty for each test: a `Moto`, which is an `Endpoint`.
- `elasticmq` (fixture): SQS without queues: an `ElasticMq`, an `Endpoint` as well. For whatever is about redelivery.
- `opensearch` (fixture): an OpenSearch node without indices: an `OpenSearch`, with the folder of its data.
- `tests.parts.wire`: Bedrock, Comprehend, Polly, SageMaker and @connections by a server of ours, and faults for all.
- `tests.parts.function.lambda_function`: a handler run by AWS's own runtime client; `tests.parts.events`: what it gets.
- `tests.parts.event_source`, `tests.parts.gateway`: what stands before functions: an SQS queue, a WebSocket API.
"""
