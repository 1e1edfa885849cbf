"""The worker as a process that stays: a task of ECS that answers many turns at once."""
