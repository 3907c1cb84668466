"""The notebooks run from the first cell to the last, and are kept without results."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(file.name for file in FOLDER.glob("*.ipynb"))


def test_there_are_five_notebooks():
    assert len(NOTEBOOKS) == 5


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_results(name):
    cells = json.loads((FOLDER / name).read_text("utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_clean(name, published):
    notebook = nbformat.read(FOLDER / name, as_version=4)
    # A failing cell raises with its traceback; so would a warning that we asked for.
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert not [out for out in said if out.get("name") == "stderr"]
    assert any("text/html" in out.get("data", {}) for out in said)
