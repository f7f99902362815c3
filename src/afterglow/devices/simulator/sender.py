"""An MLLP client that gives up nothing: what is not acknowledged is sent again."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from afterglow.devices.hl7v2.frames import Frame, Framer, framed
from afterglow.devices.simulator.faults import Hurt, Outgoing

Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Sent:
    """What became of the messages of one line."""

    acknowledged: int = 0
    refused: int = 0
    repeated: int = 0
    connections: int = 0


@dataclass(slots=True, kw_only=True)
class Sender:
    """One line to a listener. `deliver` returns when the message is acknowledged or refused.

    AE is tried again until it is taken: the record was away. AR is not: it would be refused for
    ever. A lost line is taken up again after a wait that doubles, up to `longest_wait_s`.
    """

    host: str
    port: int
    dice: random.Random
    say: Say = lambda _: None
    answer_s: float = 10.0
    shortest_wait_s: float = 0.2
    longest_wait_s: float = 10.0
    sent: Sent = field(default_factory=Sent)
    _line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _framer: Framer = field(default_factory=Framer)
    _said: str = ""

    async def deliver(self, out: Outgoing) -> None:
        """Put one thing on the line and see it through."""
        wait_s, hurt = self.shortest_wait_s, out.hurt
        while True:
            try:
                answer = await self._once(out.content, hurt)
            except (OSError, EOFError) as error:
                self.hang_up()
                self.sent.repeated += 1
                if hurt is not Hurt.HALF:
                    self._say_once(f"No answer ({type(error).__name__}); trying again.")
            else:
                if answer is None or self._is_settled(answer):
                    return
            hurt = Hurt.NOISE if hurt is Hurt.NOISE else Hurt.NOTHING
            await asyncio.sleep(wait_s * self.dice.uniform(0.5, 1.0))
            wait_s = min(2 * wait_s, self.longest_wait_s)

    def hang_up(self) -> None:
        """Close the line, whatever was on it."""
        if self._line is not None:
            self._line[1].close()
        self._line, self._framer = None, Framer()

    def _is_settled(self, answer: tuple[str, str]) -> bool:
        code, sentence = answer
        if code == "AA":
            self.sent.acknowledged += 1
            self._said = ""
            return True
        self._say_once(f"{code}: {sentence}")
        if code == "AE":
            self.sent.repeated += 1
            return False
        self.sent.refused += 1
        return True

    def _say_once(self, words: str) -> None:
        if words != self._said:
            self.say(words)
        self._said = words

    async def _once(self, content: bytes, hurt: Hurt) -> tuple[str, str] | None:
        async with asyncio.timeout(self.answer_s):
            reader, writer = self._line or await self._connect()
            whole = content if hurt is Hurt.NOISE else framed(content)
            writer.write(whole[: len(whole) // 2] if hurt is Hurt.HALF else whole)
            await writer.drain()
            if hurt is Hurt.NOISE:
                return None
            if hurt is Hurt.HALF:
                raise EOFError
            return await self._answer(reader, control_id(content))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._line = await asyncio.open_connection(self.host, self.port)
        self.sent.connections += 1
        return self._line

    async def _answer(self, reader: asyncio.StreamReader, expected: str) -> tuple[str, str]:
        """The answer to this message; an answer to another is none."""
        while data := await reader.read(65_536):
            for frame in self._framer.feed(data):
                if isinstance(frame, Frame):
                    code, to, sentence = _read_answer(frame.content)
                    if code and to == expected:
                        return code, sentence
        raise EOFError


def control_id(content: bytes) -> str:
    """MSH-10 of a message of ours; "" for what is no message."""
    header = content.split(b"\r", 1)[0].decode("latin-1").split("|")
    return header[9] if header[0] == "MSH" and len(header) > 9 else ""


def _read_answer(content: bytes) -> tuple[str, str, str]:
    match = re.search(r"\rMSA\|(A[AER])\|([^|\r]*)(?:\|([^|\r]*))?", content.decode("latin-1"))
    return (match[1], match[2], match[3] or "") if match else ("", "", "")
