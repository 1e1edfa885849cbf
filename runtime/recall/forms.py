"""Forms of English that no suffix tells: the everyday irregular ones, and everyday words for one and the same thing."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_FORMS: Final = """
ate eaten: eat
became: become
began begun: begin
bit bitten: bite
bought: buy
broke broken: break
brought: bring
built: build
caught: catch
chose chosen: choose
drank drunk: drink
drew drawn: draw
driven drove: drive
fallen fell: fall
fed: feed
felt: feel
flew flown: fly
forgot forgotten: forget
fought: fight
found: find
froze frozen: freeze
gave given: give
grew grown: grow
heard: hear
held: hold
hid hidden: hide
kept: keep
knew known: know
laid: lay
learnt: learn
led: lead
lent: lend
lost: lose
meant: mean
met: meet
paid: pay
ran: run
ridden rode: ride
risen rose: rise
sang sung: sing
sat: sit
sent: send
shook shaken: shake
shown: show
slept: sleep
sold: sell
spent: spend
spoke spoken: speak
stole stolen: steal
stood: stand
stuck: stick
swam swum: swim
taught: teach
thought: think
threw thrown: throw
tore torn: tear
understood: understand
woke woken: wake
won: win
wore worn: wear
written wrote: write
children kid kids: child
feet: foot
knives: knife
leaves: leaf
men: man
mice: mouse
people: person
teeth: tooth
wives: wife
women: woman
dad daddy dads: father
mom moms mommy mum mums mummy: mother
grandma grandmas granny nana: grandmother
granddad grandpa grandpas: grandfather
bike bikes: bicycle
photo photograph photographs photos: picture
holiday holidays: vacation
tv: television
dead death dying: die
marriage married: marry
"""

OTHERWISE: Final = MappingProxyType(
    {form: base for forms, base in (line.split(": ") for line in _FORMS.strip().splitlines()) for form in forms.split()}
)
"""The form that each of these words is found by."""
