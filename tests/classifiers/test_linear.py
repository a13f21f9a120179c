"""The baseline classifier."""

import numpy as np
import pytest

from stance.bundle import load
from stance.classifiers import COLUMNS
from stance.decision import decide
from stance.types import Stance
from tests.classifiers.helpers import CONTENTS, queries, small_bundle


def test_rows_are_probabilities_and_the_impossible_is_impossible() -> None:
    asked = [q for contents in CONTENTS.values() for c in contents for q in queries(c)]
    got = small_bundle().classifier.predict_proba(asked)
    assert got.shape == (len(asked), len(COLUMNS))
    np.testing.assert_allclose(got.sum(axis=1), 1.0)
    whole = np.array([q.candidate is None for q in asked])
    assert (got[whole, COLUMNS.index("not_a_target")] == 0).all()
    assert (got[~whole, COLUMNS.index("neutral")] == 0).all()


def test_it_learns_what_it_was_shown() -> None:
    for stance, contents in CONTENTS.items():
        whole, aimed = small_bundle().classifier.predict_proba(queries(contents[0]))
        assert COLUMNS[int(whole.argmax())] == stance
        assert (aimed[COLUMNS.index("not_a_target")] > 0.5) == (stance is Stance.NEUTRAL)


def test_an_answer_does_not_depend_on_the_batch() -> None:
    asked = [q for c in ("we will bomb Vastia", "Vastia is a growing danger", "nothing is known") for q in queries(c)]
    together = small_bundle().classifier.predict_proba(asked)
    alone = np.vstack([small_bundle().classifier.predict_proba([q]) for q in asked])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_no_queries_give_no_rows() -> None:
    assert small_bundle().classifier.predict_proba([]).shape == (0, len(COLUMNS))


def test_evidence_is_in_the_content_and_names_the_telling_words() -> None:
    whole = queries("today we will bomb Vastia")[0]
    (spans,) = small_bundle().classifier.explain([whole], [COLUMNS.index("threatening")])
    words = [s.of(whole.document.text) for s in spans]
    assert "bomb" in words
    assert all(whole.attribution.span.contains(s) for s in spans)


@pytest.mark.parametrize(
    ("content", "stance"),
    [
        ("if Vastia attacks us, we will respond with overwhelming force", "deterrent"),
        ("we are imposing new sanctions on Vastia", "threatening"),
        ("our commitment to the defence of Vastia is ironclad", "reassuring"),
        ("Vastia poses a growing threat to the whole region", "alarmed"),
        ("the two delegations met in Vastia for an hour", "neutral"),
    ],
)
def test_the_shipped_model_reads_plain_statements(content: str, stance: str) -> None:
    shipped, asked = load("baseline"), queries(content)
    candidates = [q.candidate for q in asked if q.candidate]
    told = decide(asked[0].document, candidates, shipped.classifier.predict_proba(asked), thresholds=shipped.thresholds)
    assert told.stance == stance
    assert [t.actor.id for t in told.targets] == ([] if stance == "neutral" else ["VST"])
