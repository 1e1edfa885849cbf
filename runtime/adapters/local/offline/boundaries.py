"""What it leaves to others, and says so: other languages, advice on health, law and money, and work that needs a model."""

from __future__ import annotations

import re

from runtime.adapters.local.offline.talk import Talk

_TOPICS = {
    "health": re.compile(
        r"\b(?:symptoms?|dos(?:e|age)|medicines?|medication|pills?|tablets?|ibuprofen|aspirin|paracetamol|antibiotics?|vaccin\w*|"
        r"diagnos\w*|disease|illness|infection|cancer|diabetes|pregnan\w*|blood pressure|fever|rash|headaches?|migraine|pain|"
        r"hurts?|therapy|depress\w*|anxiety|insomnia|diet|calories|surgery|sick|ill)\b"
    ),
    "law": re.compile(
        r"\b(?:legal\w*|illegal|lawyer|law|lawsuit|sue|sued|court|contract|custody|divorce|visa|landlord|evict\w*|tenant|copyright|"
        r"liab\w*|my rights|police)\b"
    ),
    "money": re.compile(
        r"\b(?:invest\w*|stocks?|shares|bonds|mortgage|loans?|tax(?:es)?|crypto\w*|bitcoin|pension|savings|debts?|insurance|budget|"
        r"interest rates?|retire\w*)\b"
    ),
}
_ADVICE = re.compile(
    r"\b(?:should (?:i|we|my|he|she)|can (?:i|we|you) (?:take|get|help|tell|recommend|sue|advise|give)|could (?:i|you)|may i|"
    r"is it (?:safe|legal|ok|okay|normal|bad|good|worth|dangerous|wise|illegal|serious)|how (?:much|many|do i|can i|should i|to)|"
    r"what (?:should|can|could|would|helps?|do i|to do|if|dose|is the best)|what's the best|do you (?:think|recommend|advise)|"
    r"would you|advice|recommend|which|is (?:this|that|my)|am i|do i (?:need|have))\b"
)
_TASK = re.compile(
    r"^(?:please |can you |could you |would you |will you |i want you to |help me )*"
    r"(?:write|translate|calculate|compute|summari[sz]e|draw|paint|code|program|book|order|search|google|look up|play|sing|call|"
    r"email|send|open|solve|explain|define|spell|compose|generate|create|set (?:a|an|the|my) (?:alarm|timer|reminder)|turn (?:on|off))\b"
    r"(?! me by| you)"
)
_REMINDER = re.compile(r"^(?:please |can you |could you )*(?:remind me (?:to|that|in|at|on|tomorrow)|wake me)\b")
_SUM = re.compile(r"\d\s*[-+*/x×÷^]\s*\d|\b\d+ (?:plus|minus|times|divided by) \d+")
_ENGLISH = frozenset(
    """i i'm the a an is are was am to of and my you your it in on at for with do does did what where when who how not this
    that have has me we he she they but so because about""".split()
)
_TONGUES = {
    "Es tut mir leid, ich verstehe leider nur Englisch.": (
        "ich du er sie wir ihr ist bin bist sind war und oder nicht kein eine ein der das dem den mein meine dein wie geht "
        "was wo wann warum wer heute hallo guten danke bitte auf mit für von zu es"
    ),
    "Je suis désolé, je ne comprends que l'anglais.": (
        "je tu il elle nous vous est suis es sont et ou pas une un le la les des mon ma ton ta comment que quoi où quand "
        "pourquoi qui bonjour salut merci avec pour dans c'est j'ai ça"
    ),
    "Lo siento, solo entiendo inglés.": (
        "yo tú tu él ella nosotros es soy eres son está estoy estás y o no un una el la los las mi mis cómo como qué que dónde "
        "cuándo quién hola gracias con para por en me llamo"
    ),
    "Mi dispiace, capisco solo l'inglese.": (
        "io tu lui lei noi è sono sei e o non un una il lo la gli le mio mia come che cosa dove quando perché chi ciao grazie "
        "con per di mi chiamo sto stai"
    ),
    "Desculpe, só entendo inglês.": (
        "eu tu você ele ela nós é sou são está estou e ou não um uma o a os as meu minha como que onde quando quem olá "
        "obrigado obrigada com para por em"
    ),
}
_WORDS = {sorry: frozenset(known.split()) for sorry, known in _TONGUES.items()}
_ONLY_ENGLISH = (
    "I'm sorry, English is the only language I understand. A connected language model could talk with you in yours."
)


def language(talk: Talk) -> str | None:
    """Apologise for not understanding what is not English."""
    letters = [character for character in talk.whole if character.isalpha()]
    if letters and sum(character > "\u024f" for character in letters) * 2 > len(letters):
        return _ONLY_ENGLISH
    spoken = set(talk.bare.split()) | set(talk.whole.lower().strip("¿?¡!. ").split())
    sorry = max(_WORDS, key=lambda sorry: len(spoken & _WORDS[sorry]))
    votes = len(spoken & _WORDS[sorry])
    return f"{sorry} {_ONLY_ENGLISH}" if votes > 1 and votes > len(spoken & _ENGLISH) else None


def advice(talk: Talk) -> str | None:
    """Decline to advise on health, law and money."""
    if not talk.question and not _ADVICE.search(talk.bare):
        return None
    topic = next((topic for topic, pattern in _TOPICS.items() if pattern.search(talk.bare)), "")
    if not topic or not _ADVICE.search(talk.bare):
        return None
    whom = {"health": "a doctor or pharmacist", "law": "a lawyer or an advice centre", "money": "somebody qualified"}[
        topic
    ]
    return f"I won't advise you on {topic}: I'm far too small a program for that, so please ask {whom}. I can remember how it goes on."


def ailing(talk: Talk) -> bool:
    """Say whether the person tells of pain or illness."""
    return bool(_TOPICS["health"].search(talk.bare))


def task(talk: Talk) -> str | None:
    """Say that work for a language model, or for tools, is beyond it."""
    if _REMINDER.search(talk.bare):
        return "I can't ring or call you at a time, but I'll remember that you asked: ask me what you had planned."
    if not _TASK.search(talk.bare) and not _SUM.search(talk.said):
        return None
    return talk.pick(
        (
            "That needs a language model, and I am built without one: I listen, remember and find again.",
            "I can't do that. I'm a small program that remembers what it is told; a language model could.",
        )
    )


def world(talk: Talk) -> str | None:
    """Admit to knowing nothing of the world."""
    if not talk.question:
        return None
    return talk.pick(
        (
            "I don't know. I know what you've told me, and very little of the world: there is no language model in me.",
            "That's beyond me: I'm a small program, and all I know is what you tell me.",
            "I can't say. If you tell me, though, I'll remember it.",
        )
    )
