"""A recogniser on this machine: what is said to it is heard in processes of its own, never kept and never logged.

`workers` runs the processes, `worker` is one of them; in it `hearing` leads sound through a detector of voices
(`endpointing`), a decoder (`engine`) and what makes of its changing guesses words that stay (`stabilising`).
"""
