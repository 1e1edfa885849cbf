"""What a stack is told, read once: frozen, validated values, refused before anything is created."""

from components.configuration.ground import Functions, Keeping, Names, Network, Watch
from components.configuration.service import Answers, Edge, Search, SignIn, Voice, Work
from components.configuration.whole import Configuration, read

__all__ = [
    "Answers",
    "Configuration",
    "Edge",
    "Functions",
    "Keeping",
    "Names",
    "Network",
    "Search",
    "SignIn",
    "Voice",
    "Watch",
    "Work",
    "read",
]
