"""What we answer to a message: AA when it is stored, AE or AR with a sentence when it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from afterglow.core.refusal import Refusal

# Refusal code -> MSA-1 and HL7 table 0357. AE: send it again. AR: that would not help, and would
# only hold up the numbers behind it.
ANSWERS = {
    "not-hl7": ("AR", "100^Segment sequence error"),
    "not-a-result-message": ("AR", "200^Unsupported message type"),
    "two-patients": ("AR", "207^Application internal error"),
    "too-large": ("AR", "207^Application internal error"),
    "bed-missing": ("AR", "101^Required field missing"),
    "no-session-in-bed": ("AR", "204^Unknown key identifier"),
    "not-stored": ("AE", "207^Application internal error"),
}
OTHERWISE = ("AR", "207^Application internal error")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer repeats of the message it answers, as far as it could be read."""

    control_id: str = ""
    sender: str = ""
    version: str = "2.6"
    processing: str = "P"


def asked(head: bytes) -> Asked:
    """From the first bytes of a message, however broken the rest."""
    at = head.find(b"MSH")
    line = re.split(rb"[\r\n]", head[at:] if at >= 0 else b"")[0].decode("latin-1")
    fields = line.split(line[3]) if len(line) > 3 else []
    fields += [""] * (12 - len(fields))
    return Asked(
        control_id=_printable(fields[9])[:199],
        sender=_printable(fields[2])[:199],
        processing=(re.match(r"[A-Z]", fields[10]) or ["P"])[0],
        version=(re.match(r"2\.\d(?:\.\d)?", fields[11]) or ["2.6"])[0],
    )


def accept(to: Asked, *, at: datetime) -> bytes:
    """The answer once a message is stored."""
    return _message(to, ["MSA|AA|" + to.control_id], at)


def refuse(to: Asked, refusal: Refusal, *, at: datetime) -> bytes:
    """The answer that says what is wrong, and what to do about it."""
    code, error = ANSWERS.get(refusal.code, OTHERWISE)
    sentence = _escaped(f"{refusal.because} {refusal.remedy}")
    lines = [f"MSA|{code}|{to.control_id}|{sentence}"]
    if to.version >= "2.5":
        lines.append(f"ERR|||{error}^HL70357|E|{_escaped(refusal.code)}|||{sentence}")
    return _message(to, lines, at)


def _message(to: Asked, lines: list[str], at: datetime) -> bytes:
    now = at.astimezone(UTC)
    header = (
        f"MSH|^~\\&|AFTERGLOW||{to.sender}||{now:%Y%m%d%H%M%S}.{now.microsecond // 100:04d}+0000||"
        f"ACK^R01^ACK|AG{now:%y%m%d%H%M%S%f}|{to.processing}|{to.version}"
    )
    return ("\r".join([header, *lines]) + "\r").encode("ascii", "replace")


def _printable(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", text)


def _escaped(text: str) -> str:
    table = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
    return _printable("".join(table.get(letter, letter) for letter in text))
