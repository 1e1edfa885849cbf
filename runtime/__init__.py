"""What a companion's turn is and everything that runs it, on a laptop and on AWS alike."""
