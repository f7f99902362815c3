"""The questions patients ask, and their answers, read once from `questions.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, one short answer first, and where it comes from."""

    id: str
    ask: str
    short: str
    more: str
    source: str
    grade: str


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in the order patients ask them most."""
    text = (files("afterglow.portal") / "questions.toml").read_text(encoding="utf-8")
    return tuple(Question(**one) for one in tomllib.loads(text)["question"])
