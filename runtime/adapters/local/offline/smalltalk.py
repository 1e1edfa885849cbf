"""Greetings, thanks, the clock and questions about itself: the parts of a talk that need no memory of what was told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from runtime import prompt as prompts
from runtime.adapters.local.offline import words
from runtime.adapters.local.offline.talk import Talk

_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|companion|again|you|everyone|my friend|hi|hello|good (?:morning|afternoon|evening)|i'm back|it's me))*"
)
_TIME = re.compile(
    r"\bwhat time is it\b|\bwhat'?s the time\b|\bwhat is the time\b|\btell me the time\b|\bhow late is it\b"
)
_DAY = re.compile(
    r"\bwhat (?:day|date|year|month) is (?:it|today)\b|\bwhat(?:'s| is) (?:the|today'?s) (?:date|day)\b|"
    r"\bwhat(?:'s| is) today\b|\bwhich day is (?:it|today)\b"
)
_REPEAT = re.compile(
    r"(?:can you |please |could you )?(?:say that again|repeat that|repeat)(?: please)?|what did you (?:just )?say|pardon|what"
)
_LATER = 4 * 3600

_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"(?:(?:and )?how are (?:you|things)|how's it going|how do you do|how are you doing|what's up|how (?:is|was) your day|"
        r"are you (?:ok|okay|well|alright))\b.*",
        (
            "I'm running smoothly, which is all a program can say. How are you?",
            "Nothing hurts, nothing hurries: a program's life is simple. How has your day been?",
            "Ready to listen. How are you today?",
        ),
    ),
    (
        r"(?:(?:ok|okay|great|good|perfect|nice|many) )?(?:thanks|thank you|thx|cheers|much appreciated)\b.{0,40}",
        ("You're welcome.", "Gladly.", "With pleasure. Is there more you'd like to tell me?"),
    ),
    (
        r"(?:ok |okay |well )?(?:bye|goodbye|good bye|good night|goodnight|see you|see ya|farewell|i have to go|i must go|"
        r"talk to you|take care|ciao)\b.{0,40}",
        (
            "Goodbye{name}! What you told me stays with me.",
            "Take care{name}. I'll be here, with all you've told me.",
            "Until next time{name}!",
        ),
    ),
    (
        r".*\b(?:are|r) you (?:a |an |really |actually )*(?:human|person|real|alive|robot|bot|ai|machine|program|computer|"
        r"conscious|chatgpt|gpt|llm|language model|alexa|siri|claude)\b.*",
        (
            "I'm a program, and a small one: no person, no language model behind me. What I can do is listen and remember.",
        ),
    ),
    (
        r"(?:who|what)(?:'s| are| is) (?:you|your name)\b.*|(?:tell me about|introduce) yourself|do you have a name",
        (
            "I'm Companion, the small one that is built in: a program without a language model. I keep what you tell me and "
            "find it again when you ask.",
        ),
    ),
    (
        r"(?:what|how) can (?:you|i) (?:do|help|use|ask|say)\b.*|help(?: me)?|how (?:do|does) (?:you|this|it) work|what do you do|"
        r"what are you (?:for|good at|able to do)|what should i (?:say|ask|do)|what now",
        (
            "I can listen, remember what you tell me, and find it again: tell me about somebody you love, and ask me about "
            "them tomorrow. I'm a small program without a language model, so for real conversation connect one.",
        ),
    ),
    (
        r".*\b(?:smarter|connect (?:a|the) (?:language )?model|use a (?:language )?model|why are you (?:so )?(?:stupid|dumb|simple))\b.*",
        (
            "I'm the small companion that is built in. Connect a language model, as the README describes, and I'll step "
            "aside; everything you told me stays.",
        ),
    ),
    (
        r"(?:do|can|did|have) you (?:have |feel |feelings|sleep|dream|eat|think|love|miss|get tired|ever)\b.*",
        ("No, I'm a program: nothing in me feels or dreams. But I'd like to hear about you.",),
    ),
    (
        r"how old are you|where (?:do you live|are you(?: from)?)|when (?:were you born|is your birthday)|who (?:made|built|"
        r"created|programmed) you",
        ("I'm a program on the computer that this page comes from; people wrote me, rule by rule.",),
    ),
    (
        r"(?:what|which|who)(?:'s| is| are) your favou?rite\b.*|(?:what|how) (?:do|about) you (?:like|think|prefer|want)\b.*|"
        r"do you (?:like|prefer|want|agree)\b.*|what about you|and you|what's your opinion\b.*",
        (
            "I have no taste of my own, being a program. What about you?",
            "I've no opinion to offer, but I'd like yours.",
        ),
    ),
    (
        r"i (?:really )?(?:love|like|adore|miss|missed) you\b.*",
        ("That's kind of you. I'm a program and can't feel it back, but I keep what you tell me.",),
    ),
    (
        r"(?:you(?:'re| are) (?:so |very |really |quite )*(?:great|nice|cute|sweet|kind|smart|clever|funny|awesome|amazing|the best|"
        r"lovely|cool|good|helpful)|well done|good job|nice one|good (?:bot|answer))\b.*",
        ("Thank you{name}, that's good to hear.", "You're kind. I only remember well."),
    ),
    (
        r"(?:you(?:'re| are) (?:so |very |really |a |an )*(?:stupid|dumb|useless|bad|boring|idiot|annoying|wrong|terrible|awful)|"
        r"i hate you|you suck|shut up|that'?s (?:wrong|not (?:true|right|what i (?:said|meant|asked))))\b.*",
        (
            "I'm sorry. I'm a very small program and misunderstand easily. You can correct me, and I'll remember it so.",
            "I'm sorry about that. Say it once more in other words, if you like.",
        ),
    ),
    (
        r".*\b(?:tell|know|have|make)\b.{0,20}\bjokes?\b.*|make me laugh|another (?:one|joke)|joke(?: please)?|something funny",
        (
            "Why do programs get so lonely at night? Because everybody logs out.",
            "I'd tell you a joke about memory, but I'd have to remember it first.",
            "There are ten kinds of people: those who count in binary, and those who don't.",
            "My favourite exercise? Running in the background.",
        ),
    ),
    (
        r"(?:yes|yeah|yep|sure|of course|right|exactly|indeed|true|ok|okay|alright|fine|good|great|nice|cool|perfect|i see|got it|"
        r"makes sense)(?: (?:yes|please|it is|i do|i did|i am|she does|he does|they do|thanks|companion))*",
        ("Good. Tell me more, if you like.", "All right. What else is on your mind?", "I'm listening."),
    ),
    (
        r"(?:no|nope|nah|not really|never|no thanks|no thank you|nothing|never mind|nevermind|forget it|not now|stop)(?: (?:i|it|she|"
        r"he|they) (?:don't|didn't|doesn't|isn't))?",
        ("All right. I'm here when something comes up.", "That's fine. We can talk about something else."),
    ),
    (
        r"(?:maybe|perhaps|hm+|hmm+|well|i don't know|not sure|i guess|dunno|let me think)",
        ("Take your time.", "No hurry."),
    ),
    (
        r"(?:(?:ha)+h?|(?:he){2,}|lol|rofl|haha.*|that's (?:funny|hilarious)|wow|oh|aha|really|seriously|amazing|interesting)",
        ("I'm glad that landed. What else?", "Yes? Tell me more.", "So it is, as far as I know."),
    ),
    (
        r"(?:i'm |i am )?(?:so |very )?sorry(?: about that)?|my (?:bad|mistake)|excuse me|oops",
        ("Nothing to be sorry for.",),
    ),
    (
        r"(?:i'm |i am )(?:so |very |a bit |really )?bored.*|(?:talk|say something|tell me something|entertain me|tell me a story)"
        r"(?: to me| please)?",
        (
            "Then let me ask you something: what was the best moment of your week?",
            "Tell me about a person who matters to you, and I'll remember them.",
            "Let's play at remembering: tell me three things about your day, and ask me for them tomorrow.",
        ),
    ),
    (
        r"(?:test|testing|is this (?:thing )?on|are you (?:there|here|listening|awake)|can you (?:hear|read|understand) me|hello anybody)"
        r"(?: .*)?",
        ("I'm here, and I can read you.",),
    ),
    (
        r".*\b(?:forget|delete|erase|remove) (?:that|this|it|everything|all|me|what)\b.*",
        ("You decide what I keep: open the memory panel, and forget there whatever you like.",),
    ),
    (
        r"(?:do|will|can|would) you remember (?:this|that|it|me|what i (?:say|tell you)|everything)(?: .*)?",
        ("Yes. What you tell me is kept, and you can look at it and forget it in the memory panel.",),
    ),
)
_COMPILED = tuple((re.compile(pattern), replies) for pattern, replies in _TABLE)


def greeting(talk: Talk) -> str | None:
    """Greet back, and tell newcomers what they are talking to."""
    if not _GREETING.fullmatch(talk.bare):
        return None
    called = f", {talk.name}" if talk.name else ""
    if talk.prompt.recent:
        return f"Hello again{called}! {_last_time(talk)}"
    if talk.known:
        known = talk.known[0]
        quote = words.quoted(known.text, 120)
        return (
            f"Hello{called}! I remember what you told me {words.when(known.at, talk.prompt.now)}: {quote} What's new?"
        )
    return (
        f"Hello{called}! I'm Companion, the small one that is built in: I have no language model, but I do remember. Tell me "
        "something that matters to you, and ask me about it another day."
    )


def clock(talk: Talk) -> str | None:
    """Tell the time or the day."""
    now = datetime.fromtimestamp(talk.prompt.now, UTC)
    date = f"{prompts.weekday(talk.prompt.now)}, {prompts.day(talk.prompt.now)}"
    if _TIME.search(talk.bare):
        return f"It is {now:%H:%M} UTC on {date}; which time that is where you are, I can't tell."
    if _DAY.search(talk.bare):
        return f"Today is {date}."
    return None


def repeating(talk: Talk) -> str | None:
    """Say again what was said last."""
    if not _REPEAT.fullmatch(talk.bare) or not talk.prompt.recent or not talk.prompt.recent[-1].reply:
        return None
    return f"I said: {words.quoted(talk.prompt.recent[-1].reply)}"


def phrase(talk: Talk) -> str | None:
    """Answer one of the phrases that everybody says."""
    for pattern, replies in _COMPILED:
        if pattern.fullmatch(talk.bare):
            return talk.pick(replies).replace("{name}", f", {talk.name}" if talk.name else "")
    return None


def _last_time(talk: Talk) -> str:
    last = talk.prompt.recent[-1]
    if talk.prompt.now - last.at < _LATER or words.asks(last.text) or not words.content(last.text):
        return talk.pick(("What would you like to talk about?", "What's on your mind?", "What has happened since?"))
    day = words.when(last.at, talk.prompt.now)
    return f"When we spoke {day}, you said: {words.quoted(last.text, 120)} How did it go on?"
