"""Hand what Pulumi deployed to Terraform: as a state whose outputs other configurations read.

state, cty, document, stack and outputs are pure; lock alone touches files that others write, too.
"""
