"""AWS for a whole stack: moto's server, and before it what Terraform's provider needs and moto lacks.

Each gap is named by its operation where it is filled. What is answered here is what the provider reads again: neither
permissions nor quotas nor what a service would do.
"""
