"""
Everything that can go wrong in the core, as one tree.

* AfterglowError           what callers may catch
  x BadInput               the caller passed something that cannot be meant
    - BadQuantity          a number outside what its unit allows
    - BadLibrary           a model file whose numbers, units or sources do not hold together

A clinical "no" is not in this tree. It is a value: see `refusal.Refusal`.
"""


class AfterglowError(Exception):
    """Base class. Its message is written for the person at the bedside."""


class BadInput(AfterglowError, ValueError):
    """Something that cannot be meant: the message names the field and the accepted range."""


class BadQuantity(BadInput):
    """A number outside what its unit allows."""


class BadLibrary(BadInput):
    """A model file that must not be used until it is mended."""
