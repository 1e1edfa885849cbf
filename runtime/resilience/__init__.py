"""Deadlines, retries and limits, once for every port: a wrapping port each, so that adapters stay plain.

Whoever wraps decides how long a part is waited for, how often it is asked, and who answers in its place; the SDKs' own
retries are off.
"""

from runtime.resilience.model import FallbackModel, SteadyModel
from runtime.resilience.moderator import LimitedModerator, SteadyModerator
from runtime.resilience.patience import Patience, paced
from runtime.resilience.retries import Retries
from runtime.resilience.synthesiser import SteadySynthesiser

__all__ = [
    "FallbackModel",
    "LimitedModerator",
    "Patience",
    "Retries",
    "SteadyModel",
    "SteadyModerator",
    "SteadySynthesiser",
    "paced",
]
