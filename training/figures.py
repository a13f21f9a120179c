"""Figures of a run: confusion matrix, reliability diagram, precision and recall. Drawn without a display."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve

from training.scoring import BINS, LABELS, Counts

Floats = NDArray[np.float64]

_SIZE = (5.2, 4.4)


def confusion(counted: Counts, *, title: str) -> Figure:
    """Gold stances by told stances: shares of each gold label by colour, statements by number."""
    matrix = counted.confusion()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(title=title, xlabel="told", ylabel="gold", xticks=range(len(LABELS)), yticks=range(len(LABELS)), yticklabels=LABELS)
    axes.set_xticklabels(LABELS, rotation=30, ha="right")
    for row, column in np.ndindex(*matrix.shape):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{matrix[row, column]:.0f}", ha="center", va="center", color=colour)
    return figure


def reliability(counted: Counts, *, title: str) -> Figure:
    """How often the told stance is right, by its confidence."""
    number, confidence, right = counted.reliability().T
    seen = number > 0
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
    centres = (np.arange(BINS) + 0.5) / BINS
    axes.bar(centres[seen], (right[seen] / number[seen]), width=0.9 / BINS, color="#9ecae1")
    axes.plot(confidence[seen] / number[seen], right[seen] / number[seen], marker="o", color="#08519c")
    for centre, n in zip(centres[seen], number[seen], strict=True):
        axes.text(centre, 0.02, f"{n:.0f}", ha="center", fontsize=8)
    axes.set(title=title, xlabel="confidence", ylabel="share right (below: statements)", xlim=(0, 1), ylim=(0, 1.02))
    return figure


def precision_recall(stances: Sequence[str], probabilities: Floats, *, title: str) -> Figure:
    """Precision by recall of each stance against the others.

    Args:
        stances: Gold labels.
        probabilities: Shape ``(len(stances), 5)``, columns as in `LABELS`.
        title: A title.
    """
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    gold = np.asarray(stances)
    for n, label in enumerate(LABELS):
        right = gold == label
        if right.any():
            precision, recall, _ = precision_recall_curve(right, probabilities[:, n])
            axes.step(recall, precision, where="post", label=f"{label} (AP {average_precision_score(right, probabilities[:, n]):.2f})")
    axes.set(title=title, xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02))
    if axes.lines:
        axes.legend(fontsize=8, loc="lower left")
    return figure
