"""What holds the Pulumi program and the runtime together: each is read for what the other says of it."""
