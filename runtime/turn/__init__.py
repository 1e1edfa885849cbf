"""A turn: from what was said to a released, moderated, remembered answer.

`plan` decides what it may cost, `pipeline` answers, `ending` is what remains of it, `timings` where the time went.
"""
