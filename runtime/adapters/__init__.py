"""The ports, provided: one folder for each home, one module for each port and technology."""
