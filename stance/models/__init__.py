"""The models that come with the package, one folder each; which of them is used unless another is named."""

DEFAULT = "transformer"
