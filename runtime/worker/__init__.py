"""Takes admitted turns from the queue and sees each to exactly one end; writes memories when there is time."""
