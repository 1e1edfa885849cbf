"""The wire protocol, version 1: every frame as a type that carries its own limits.

`client` has the frames that come in, `server` those that go out, `refusal` the words for what is neither.
"""
