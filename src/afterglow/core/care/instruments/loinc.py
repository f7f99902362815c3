"""The check digit of a LOINC code. It catches slips; it does not prove what the code means."""

from __future__ import annotations

# In circulation in public repositories, and wrong. 71969-0 is a real code of another scale.
DENIED = frozenset(
    {"91006-2", "96538-3", "89204-8", "91005-4", "89205-5", "55758-4", "3150-6", "71969-0"}
)


def check_digit(number: str) -> int:
    """The mod-10 digit for the digits before the hyphen, by LOINC's own rule (Luhn)."""
    doubled = (int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed(number)))
    return -sum(sum(divmod(value, 10)) for value in doubled) % 10


def is_valid(code: str) -> bool:
    """True for a plain numeric code whose check digit holds and which is not denied."""
    number, _, digit = code.partition("-")
    if not (number.isdigit() and digit.isdigit() and len(digit) == 1):
        return False
    return check_digit(number) == int(digit) and code not in DENIED
