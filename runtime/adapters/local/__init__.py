"""The laptop's adapters: no account and no network; the tests' fakes as well, scripted through their constructors."""

import os

# Read when numpy is loaded, which nothing outside of this package does before. A question is too little work for two
# threads: alone they make it a quarter faster (10 ms instead of 13 for a sentence model, with half as much CPU again),
# and beside others they wait for each other's core (a 95th percentile of 60 to 150 ms instead of 27).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
