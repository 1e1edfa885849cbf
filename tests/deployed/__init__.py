"""What was deployed holds a conversation: read from an emulator's AWS APIs, and played as AWS would play it.

Whatever put it there - `seeds`, which makes in moto what the program registers, or a real engine - it is read by
`account`; `stack` plays API Gateway, Lambda, the pollers of queues and ECS on it, and `names` lets AWS's own host names
lead here, so that each function and task runs with the environment that was deployed and nothing else. What every call
was allowed by is judged afterwards, by `policy`.
"""
