"""Adapters for every server that speaks OpenAI's HTTP protocol."""
