"""What runs in a speech engine's process, on Python's own library alone: it is loaded nowhere else.

espeak-ng is under the GPL: that its library is loaded here and not by the companion is a matter of licence, too.
"""
