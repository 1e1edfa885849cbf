"""The environment, read once: what a process of this runtime is told, as frozen, validated values.

What a laptop is told is `laptop.Settings`; no process in the cloud loads it.
"""

from runtime.settings.cloud import ROLES, Role, environment
from runtime.settings.reading import read

__all__ = ["ROLES", "Role", "environment", "read"]
