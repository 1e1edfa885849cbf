"""The ports on AWS: one module for each port and technology, on clients that are opened once a process."""
