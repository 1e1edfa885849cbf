"""A real `pulumi up` on this machine: Pulumi's own engine, Terraform's own AWS provider, and an emulator of AWS.

Stand-ins are what Pulumi's plug-in registry would have: the language host (`language`) and two providers, one in front
of Terraform's (`aws`) and one of Terraform's states (`terraform_state`). Every conversion is the bridge's.
"""
