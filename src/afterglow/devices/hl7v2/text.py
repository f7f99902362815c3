"""Bytes into segments: character set, line ends, separators. Nothing here knows medicine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import hl7

from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.codes import Coded

# Field, component, repetition, escape and subcomponent separators, all different.
HEADER = re.compile(r"MSH([^\w\s])([^\w\s])([^\w\s])([^\w\s])([^\w\s])([^\w\s])?\1")
SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
# A waveform needs no more than its name: 100 KB of samples must not cost parsing.
LONGEST_FIELD = 2_000

CHARSETS = {
    "": ("utf-8", "latin-1"),
    "ASCII": ("ascii", "latin-1"),
    "UNICODE": ("utf-8", "latin-1"),
    "UNICODE UTF-8": ("utf-8", "latin-1"),
    **{f"8859/{n}": (f"iso8859-{n}", "latin-1") for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}


def not_hl7(because: str) -> Refusal:
    """What we answer to words that are not an HL7 message."""
    return Refusal(
        code="not-hl7",
        because=because,
        remedy="Set the sender to HL7 v2 ORU R01 over MLLP.",
        source="HL7 v2.6 chapter 2",
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """One line. `self[5]` is field 5 as sent, "" where it is missing."""

    line: int
    name: str
    fields: tuple[str, ...]  # fields[0] is the name
    separators: str  # component, repetition, escape, subcomponent, field

    def __getitem__(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def components(self, number: int) -> list[str]:
        """The components of the first repetition of a field; never empty."""
        first = self[number].split(self.separators[1])[0]
        return first.split(self.separators[0])

    def pieces(self, number: int) -> list[list[str]]:
        """Components, each as its subcomponents."""
        return [piece.split(self.separators[3]) for piece in self.components(number)]

    def words(self, number: int) -> set[str]:
        """Every word of a field, whatever separates them."""
        return set(re.split(f"[{re.escape(self.separators)}]", self[number])) - {""}

    def plain(self, text: str) -> str:
        """A piece of a field with its escaped separators put back, for names and places."""
        escape, meant = self.separators[2], dict(zip("SRETF", self.separators, strict=True))
        escaped = re.escape(escape) + "([SRETF])" + re.escape(escape)
        text = re.sub(escaped, lambda match: meant[match[1]], text)
        return " ".join(text.split())

    def coded(self, number: int) -> tuple[Coded, ...]:
        """The coded word of a field and its alternative, as in CE, CNE and CWE."""
        parts = [part.strip() for part in self.components(number)] + [""] * 6
        return (Coded(*parts[0:3]), Coded(*parts[3:6]))


@dataclass(frozen=True, slots=True)
class Text:
    """A message as segments, `segments[0]` being its header, with the lines that are none."""

    segments: tuple[Segment, ...]
    garbled: tuple[tuple[int, str], ...]  # line number and its first words

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def all(self, name: str) -> Iterator[Segment]:
        """The segments of one name, in order."""
        return (segment for segment in self.segments if segment.name == name)


def read_text(raw: bytes) -> Text | Refusal:
    """The segments of one message. Never raises, whatever the bytes."""
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    match = HEADER.match(start[:9].decode("latin-1"))
    if match is None or len(set(match.groups())) < len(match.groups()):
        return not_hl7("The message does not begin with an MSH segment.")
    if b"\0" in start:
        return not_hl7("The message holds zero bytes: UTF-16 and binary are not read.")
    lines = _lines(_decode(start, field_separator=match[1]))
    if sum(line.startswith("MSH" + match[1]) for line in lines) > 1:
        # Two patients' numbers must not flow together.
        return not_hl7("Two messages came in one frame.")
    return _segments(lines, match)


def _decode(raw: bytes, *, field_separator: str) -> str:
    """By MSH-18; what does not fit is read byte by byte: numbers are ASCII in every set."""
    header = re.split(rb"[\r\n]", raw, maxsplit=1)[0].decode("latin-1").split(field_separator)
    named = header[17] if len(header) > 17 else ""
    name = re.split(r"[^\w /-]", named)[0].strip().upper()
    for charset in CHARSETS.get(name, CHARSETS[""]):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text.rstrip())


def _segments(lines: list[str], match: re.Match[str]) -> Text:
    separator = match[1]
    good, garbled = [], []
    for number, line in enumerate(lines, start=1):
        if SEGMENT.match(line) and (len(line) == 3 or line[3] == separator):
            good.append((number, _shortened(line, separator)))
        elif line.strip():
            garbled.append((number, line[:40]))
    parsed = hl7.parse("\r".join(line for _, line in good))
    separators = "".join(match.groups()[1:5]) + separator
    return Text(
        tuple(
            Segment(number, line[:3], tuple(str(field) for field in segment), separators)
            for (number, line), segment in zip(good, parsed, strict=True)
        ),
        tuple(garbled),
    )


def _shortened(line: str, separator: str) -> str:
    if len(line) <= LONGEST_FIELD:
        return line
    return separator.join(field[:LONGEST_FIELD] for field in line.split(separator))
