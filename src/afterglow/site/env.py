"""Read settings from the environment, and stop at once if one makes no sense."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or `default`; without either, say which to set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name}. See docs/settings.md.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """'yes' or 'no', and nothing else."""
    value = os.environ.get(name, "yes" if default else "no")
    if value not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name} must be 'yes' or 'no', got {value!r}.")
    return value == "yes"


def secret(name: str) -> str:
    """From the file that <name>_FILE points to, else from <name>."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return text(name)
