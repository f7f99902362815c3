"""Read a file a person wrote, and say what is wrong with it in words."""

import tomllib
from pathlib import Path
from typing import Any

from afterglow.core.errors import BadInput


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict. BadInput names the line where it stops making sense."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput("there is no such file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"this is not TOML: {error}.") from error
