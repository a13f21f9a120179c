"""Who says what, at whom it is aimed, and what stance it takes: threat assessment from news text.

>>> import stance
>>> analysis = stance.analyze(
...     "“Any attack on our ports will be met with force,” Polish Defence Minister Zofia Brzeska said in a message to Moscow. "
...     "She added that the investigation had only begun."
... )
>>> for statement in analysis:
...     print(statement.speaker.name, statement.speaker.actor.id, statement.stance, statement.target and statement.target.actor.id)
Zofia Brzeska POL deterrent RUS
Zofia Brzeska POL neutral None

An article that cannot be read is refused with the reason:

>>> stance.analyze("   ")
Traceback (most recent call last):
stance.errors.InputError: the article is empty: it holds 3 characters, none but white space

Every exception that is raised on purpose is a `StanceError`. The command line does the same: ``stance analyze --help``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from stance.errors import StanceError
from stance.models import DEFAULT
from stance.types import Actor, Article, Stance, Statement

if TYPE_CHECKING:
    from pathlib import Path

    from stance.assessment import Weights, assess
    from stance.bundle import Bundle
    from stance.markup import Html
    from stance.pipeline import Analysis, Analyzer

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Analyzer",
    "Article",
    "Stance",
    "StanceError",
    "Statement",
    "Weights",
    "__version__",
    "analyze",
    "assess",
    "load",
    "render",
]

#: What is imported when it is first asked for, because it brings scikit-learn or numpy.
_LAZY = {"Analyzer": "stance.pipeline", "Weights": "stance.assessment", "assess": "stance.assessment"}


def analyze(article: Article | str, *, model: str | Path | Bundle = DEFAULT, evidence: bool | None = None) -> Analysis:
    """Finds the statements of one article; `Analyzer` is the reusable object behind it.

    Args:
        article: An article, or its text.
        model: The name of a built-in model, the folder of a bundle, or a bundle from `load`.
        evidence: Whether to tell which words drove each stance; by default where the model tells it at no cost, as the baseline does.

    Returns:
        The article with its statements in text order.

    Raises:
        InputError: If the text is empty.
        BundleError: If the model cannot be loaded safely.
    """
    if isinstance(model, str):
        return _analyzer(model, evidence).analyze(article)
    from stance.pipeline import Analyzer  # noqa: PLC0415 (keeps the import of stance fast)

    return Analyzer(model, evidence=evidence).analyze(article)


def load(model: str | Path) -> Bundle:
    """Loads a model once, for several `Analyzer` objects; every file's SHA-256 is checked.

    Args:
        model: The name of a built-in model or the folder of a bundle.

    Returns:
        A bundle: classifier, label order, thresholds.

    Raises:
        BundleError: If it is incomplete, altered, of another version, or unsafe to load.
    """
    from stance import bundle  # noqa: PLC0415 (keeps the import of stance fast)

    return bundle.load(model)


def render(analysis: Analysis, *, table: bool = True) -> Html:
    """An article with its statements highlighted by stance; hovering tells speaker, targets, probabilities and evidence.

    Args:
        analysis: What `analyze` gave.
        table: Whether a table of the statements follows.

    Returns:
        HTML as a string, which a notebook shows as a page; whatever the article holds stays text.
    """
    from stance import markup  # noqa: PLC0415 (keeps the import of stance fast)

    return markup.render(analysis.article, analysis.statements, table=table)


@cache
def _analyzer(model: str, evidence: bool | None) -> Analyzer:
    from stance.pipeline import Analyzer  # noqa: PLC0415 (keeps the import of stance fast)

    return Analyzer(model, evidence=evidence)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name in _LAZY:
            return getattr(import_module(_LAZY[name]), name)
        raise AttributeError(f"module 'stance' has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
