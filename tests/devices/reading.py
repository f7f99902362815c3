"""How the tests of the devices read a message."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from afterglow.core.care.signs import Sign
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.parse import read_message
from afterglow.devices.hl7v2.values import Listening, Message, Observed, Reason

MESSAGES = Path(__file__).parent / "messages"
RECEIVED = datetime(2030, 3, 4, 3, 30, 1, tzinfo=UTC)  # a second after most messages were sent


def raw(name: str) -> bytes:
    return (MESSAGES / f"{name}.hl7").read_bytes()


def read(content: bytes | str, *, received_at: datetime = RECEIVED, **listening: Any) -> Message:
    """The message; a refusal fails the test with its own sentence."""
    words = raw(content) if isinstance(content, str) else content
    message = read_message(words, received_at=received_at, listening=Listening(**listening))
    assert not isinstance(message, Refusal), str(message)
    return message


def changed(name: str, *pairs: tuple[str, str]) -> bytes:
    """One of our messages with some words replaced; each must be there."""
    content = raw(name)
    for old, new in pairs:
        assert old.encode() in content, old
        content = content.replace(old.encode(), new.encode())
    return content


def numbers(message: Message) -> dict[Sign, float]:
    """The leading number of each sign."""
    return {one.sign: one.value for one in message.readings if one.leads}


def reasons(message: Message) -> list[Reason]:
    return [one.reason for one in message.unread]


def only(message: Message, wanted: Callable[[Observed], bool]) -> Observed:
    (found,) = [one for one in message.readings if wanted(one)]
    return found
