"""The environment, read once: what a process of this runtime is told, as frozen, validated values."""

from runtime.settings.cloud import ROLES, Role, environment
from runtime.settings.laptop import Settings
from runtime.settings.reading import read

__all__ = ["ROLES", "Role", "Settings", "environment", "read"]
