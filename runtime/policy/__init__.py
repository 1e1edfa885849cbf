"""The safety policy: one reviewed file, `policy.toml`, and the little that both homes must do with it alike.

The laptop enforces the file in process; in the cloud a guardrail is made from it. What a service does not do (its own
patterns before anything else, crisis language, notices) is done here, so that it is done the same everywhere.
"""

from runtime.policy.document import Break, Crisis, Disclosure, Filter, Policy, Retention, Topic, load
from runtime.policy.patterns import Finding, Screened, find, masked, screen
from runtime.policy.usage import Use, due

__all__ = [
    "Break",
    "Crisis",
    "Disclosure",
    "Filter",
    "Finding",
    "Policy",
    "Retention",
    "Screened",
    "Topic",
    "Use",
    "due",
    "find",
    "load",
    "masked",
    "screen",
]
