"""The cloud that the AWS adapters expect: one module for each layer, which meet in `__main__.py` only."""
