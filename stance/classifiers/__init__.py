"""Classifiers: from queries to calibrated probabilities, and the bundles that hold them."""

from stance.classifiers.base import COLUMNS, Classifier
from stance.classifiers.bundle import Bundle, load

__all__ = ["COLUMNS", "Bundle", "Classifier", "load"]
