"""``python -m stance``."""

from __future__ import annotations

from stance.cli import main

main()
