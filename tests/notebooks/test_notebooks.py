"""Every notebook runs from top to bottom, on this machine alone, and is stored without outputs."""

import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS_A_CELL = 300  # of a busy machine; the whole of one takes a few seconds on a free one


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_there_are_two() -> None:
    assert [one.stem for one in NOTEBOOKS] == ["one-patient", "two-regimens"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_outputs_are_stored(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_pictures(path: Path) -> None:
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.ip=127.0.0.1"],
        resources={"metadata": {"path": str(FOLDER)}},
    )
    with warnings.catch_warnings():
        # Jupyter's own, of how it will look for its folders and loops some day.
        warnings.simplefilter("ignore", DeprecationWarning)
        client.execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    pictures = [out for out in outputs if "image/svg+xml" in out.get("data", {})]
    assert len(pictures) >= 2
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []
