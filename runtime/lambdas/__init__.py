"""The functions of the cloud, a module each: an event of Lambda's in, the work of one role, an answer out."""
