"""`prod`, which takes as long as `dev`: in a process of its own."""
