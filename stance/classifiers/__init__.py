"""Classifiers: from queries to calibrated probabilities."""

from stance.classifiers.base import COLUMNS, Classifier

__all__ = ["COLUMNS", "Classifier"]
