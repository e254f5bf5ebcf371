"""What a flow, a law, a signal or a letter is, and how the files that hold them are read."""

from advisor.content.load import Content, load
from advisor.content.source import ContentError, Problem

__all__ = ["Content", "ContentError", "Problem", "load"]
