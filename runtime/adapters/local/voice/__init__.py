"""Speech made on this machine, by an engine in a process of its own that is ready before anybody needs it.

`engines` says which one there is, `synthesiser` is the port, `worker` our end of a process, `engine` what runs in it:
that one is loaded without third parties' packages, so nothing is imported here.
"""
