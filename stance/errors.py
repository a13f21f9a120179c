"""The exceptions that the library raises on purpose.

StanceError                 base of all of them: catch this one
├── InputError              an article that cannot be read: empty, not text, wrong encoding, bad JSON Lines
├── BundleError             a model folder that is incomplete, altered, of another version, or unsafe to load
├── ConfigError             an unknown key or a bad value in a configuration
└── MissingExtraError       an optional package is needed; the message names the install command
"""

from __future__ import annotations


class StanceError(Exception):
    """Base class of every error that this library raises on purpose."""


class InputError(StanceError):
    """An article that cannot be read."""


class BundleError(StanceError):
    """A model bundle that cannot be loaded safely."""


class ConfigError(StanceError):
    """A configuration with an unknown key or a value out of range."""


class MissingExtraError(StanceError):
    """An optional package is not installed.

    Args:
        package: The package that could not be imported.
        extra: The extra of ``stance-nlp`` that brings it.
        purpose: What it is needed for, as the end of the sentence "... is needed to".
    """

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(f"{package} is needed to {purpose}; install it with: pip install 'stance-nlp[{extra}]'")
        self.package = package
        self.extra = extra
