"""From what a user says to closed statements: what they state, how they are worded, and which of them still hold."""
