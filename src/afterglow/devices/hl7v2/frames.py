"""MLLP framing: a stream of bytes into messages, whatever the network did to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

START, END, CARRIAGE_RETURN = b"\x0b", b"\x1c", b"\r"
LARGEST_BYTES = 2_000_000
HEAD_BYTES = 1_000  # enough of a message that is too large to answer it by its number


class Fault(StrEnum):
    """What is wrong with a frame."""

    TOO_LARGE = "too-large"
    CUT_SHORT = "cut-short"  # a new message began, or the line died, before this one ended


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes between a start block and an end block."""

    content: bytes


@dataclass(frozen=True, slots=True)
class BadFrame:
    """A message that cannot be read, with its first bytes."""

    fault: Fault
    head: bytes


def framed(content: bytes) -> bytes:
    """One message as it goes over the line."""
    return START + content + END + CARRIAGE_RETURN


@dataclass(slots=True)
class Framer:
    """Takes bytes as they come and gives messages as they end.

    Bytes outside a frame are skipped and counted: that tolerates noise before the start block, and
    a missing or a doubled carriage return after the end block.  Memory is bounded by `largest`.
    """

    largest_bytes: int = LARGEST_BYTES
    skipped_bytes: int = 0
    _open: bytearray | None = field(default=None, init=False)
    _overflowing: bool = field(default=False, init=False)

    @property
    def is_midway(self) -> bool:
        """Whether a message has begun that has not ended."""
        return self._open is not None

    def feed(self, data: bytes) -> Iterator[Frame | BadFrame]:
        """The messages, good and bad, that end with these bytes."""
        while data:
            if self._open is None:
                data = self._find_start(data)
                continue
            cut = min((at for at in (data.find(START), data.find(END)) if at >= 0), default=-1)
            if cut < 0:
                yield from self._add(data)
                return
            yield from self._add(data[:cut])
            yield from self._close(whole=data[cut : cut + 1] == END)
            # A start block is left in place: it begins the next message.
            data = data[cut + 1 :] if data[cut : cut + 1] == END else data[cut:]

    def end(self) -> Iterator[BadFrame]:
        """The line is closed: what had begun was cut short."""
        if self._open is not None:
            yield from (bad for bad in self._close(whole=False) if isinstance(bad, BadFrame))

    def _find_start(self, data: bytes) -> bytes:
        at = data.find(START)
        noise = data if at < 0 else data[:at]
        self.skipped_bytes += len(noise.replace(CARRIAGE_RETURN, b""))
        if at < 0:
            return b""
        self._open, self._overflowing = bytearray(), False
        return data[at + 1 :]

    def _add(self, data: bytes) -> Iterator[BadFrame]:
        if self._open is None or self._overflowing:
            return
        self._open += data
        if len(self._open) > self.largest_bytes:
            # Answered at once: a sender without an end block would otherwise wait for ever.
            self._overflowing = True
            yield BadFrame(Fault.TOO_LARGE, bytes(self._open[:HEAD_BYTES]))
            self._open = bytearray()

    def _close(self, *, whole: bool) -> Iterator[Frame | BadFrame]:
        content, overflowing = bytes(self._open or b""), self._overflowing
        self._open, self._overflowing = None, False
        if overflowing:
            return
        yield Frame(content) if whole else BadFrame(Fault.CUT_SHORT, content[:HEAD_BYTES])
