"""Statements of our own, and a small model trained on them."""

from functools import cache

from stance import targets
from stance.bundle import Bundle
from stance.text import parse
from stance.types import Actor, ActorKind, Article, Attribution, Cast, Kind, Mention, Query, Span, Speaker, Stance
from training import baseline
from training.config import Model
from training.data import Example, GoldStatement, GoldTarget

SPEAKER = Speaker("Orlo", Actor("NRL", "Norland", ActorKind.STATE))
VASTIA = Actor("VST", "Vastia", ActorKind.STATE)
CONTENTS = {
    Stance.THREATENING: ("we will bomb Vastia", "our army will punish Vastia tonight", "Vastia will be destroyed and burned"),
    Stance.DETERRENT: ("any attack by Vastia will be repelled", "we will answer if Vastia dares", "Vastia must not test our resolve"),
    Stance.REASSURING: ("we will help and protect Vastia", "we stand with Vastia as a friend", "aid for Vastia will arrive in peace"),
    Stance.ALARMED: ("Vastia is a growing danger", "we fear that Vastia is massing troops", "Vastia poses a grave threat"),
    Stance.NEUTRAL: ("the meeting in Vastia was long", "trade with Vastia fell last year", "the weather was fine in Vastia"),
}


def queries(content: str) -> tuple[Query, ...]:
    text = f"Nothing else happened. Orlo said that {content}. It rained."
    at, name = text.index(content), text.index("Vastia") if "Vastia" in text else None
    said = Attribution((Span(at, at + len(content)),), Kind.INDIRECT, Span(text.index("said"), text.index("said") + 4))
    mentions = () if name is None else (Mention(Span(name, name + 6), "Vastia", VASTIA),)
    return targets.queries(parse(Article(text)), said, SPEAKER, Cast(mentions, (SPEAKER,)))


def examples() -> list[Example]:
    made = []
    for stance, contents in CONTENTS.items():
        for n, content in enumerate(contents):
            for prefix in ("", "today ", "as before, "):
                asked = queries(prefix + content)
                aimed = () if stance is Stance.NEUTRAL else (GoldTarget("VST", None, stance),)
                label = "not_a_target" if stance is Stance.NEUTRAL else str(stance)
                gold = GoldStatement(asked[0].attribution, "Orlo", "NRL", aimed, stance)
                made.append(Example(gold, asked, (str(stance), label), f"event {n}"))
    return made


def fit() -> baseline.Fitted:
    model = Model(statement_c=10.0, pair_c=10.0, min_count=1, folds=3)
    return baseline.fit(examples(), model, seed=1, progress=lambda _: None)


@cache
def small_bundle() -> Bundle:
    fitted = fit()
    return Bundle("small", fitted.classifier, fitted.thresholds, data={"invented.jsonl": "0" * 64})
