"""What the model files of this version of Afterglow are, as one number."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@lru_cache(maxsize=1)
def library_digest() -> str:
    """SHA-256 over the names and contents of all model files, those of effects and outcomes too."""
    digest = hashlib.sha256()
    for name, content in sorted(model_files(files(__package__) / "models", "")):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def model_files(folder: Traversable, under: str) -> list[tuple[str, bytes]]:
    found = []
    for one in folder.iterdir():
        if one.is_dir():
            found += model_files(one, f"{under}{one.name}/")
        elif one.name.endswith(".toml"):
            found.append((under + one.name, one.read_bytes()))
    return found
