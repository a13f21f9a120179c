"""The tagger's tags, what its network tells of each token and in which order; and the files that it is kept in."""

from __future__ import annotations

from enum import IntEnum

from stance.encoders import TOKENIZER

#: Guidelines of annotation: everything that is attributed, thoughts too; or only what was voiced. The network tells anchors by each.
SCHEMES = ("attributed", "voiced")

#: Tags of anchors: cues, and the first word of a content that has no cue.
ANCHOR_TAGS = ("O", "B-cue", "I-cue", "B-bare")
CUE, INSIDE_CUE, BARE = 1, 2, 3

#: Tags of the tokens that belong to one anchor.
LINK_TAGS = ("O", "B-source", "I-source", "B-content", "I-content")


class Link(IntEnum):
    """Where the tags of a kind of span begin in `LINK_TAGS`: ``B`` here, ``I`` after it."""

    SOURCE = 1
    CONTENT = 3


#: Distances from an anchor are cut off at this many tokens.
REACH = 64

#: Tag of a token that does not count.
IGNORED = -100

#: Files of a bundle with a tagger: the encoder with the heads that read tokens, the head that links, the tokenizer.
ENCODER, LINKER = "encoder.onnx", "linker.onnx"
PARTS = (ENCODER, LINKER, TOKENIZER)
