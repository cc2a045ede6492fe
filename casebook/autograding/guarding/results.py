"""What a test's outputs may say, when somebody else may have sent some of them."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

_CLOSE = 0.01         # a student may have asked IPython to show two decimals
_ONE = "last_expr"    # IPython shows the value of a cell's last line, unless told otherwise


def kept(cell: NotebookNode, said: list[NotebookNode]) -> None:
    """Put back errors, and text on stderr, that were taken out of a test's outputs again."""
    for kind in ("error", "stderr"):
        def of_kind(out: Any, kind: str = kind) -> bool:
            return out.output_type == kind or (
                out.output_type == "stream" and out.name == kind)
        if not any(map(of_kind, cell.outputs)):
            cell.outputs += [out for out in said if of_kind(out)][:1]


def failed(cell: NotebookNode) -> None:
    """A test that ended in an error has no result: nbgrader would count one before the error."""
    for out in cell.outputs:
        _show_only(out)


def passed(cell: NotebookNode, value: tuple[str, str], interactivity: str) -> bool:
    """Make the outputs of a test that ran through give the result that its last line had.

    Returns
    -------
    bool
        Whether something else stood there.
    """
    results = [out for out in cell.outputs if out.output_type == "execute_result"]
    kind, text = value
    worth = _float(text) if kind in ("number", "shown") else None
    if worth is None:
        wrong = results if kind == "none" and interactivity == _ONE else []
        for out in wrong:
            _show_only(out)
        return bool(wrong)
    true = [out for out in results if _same(_number(out), worth)][:1]
    for out in results:
        if not true or out is not true[0]:
            _show_only(out)
    if not true:
        cell.outputs.append(NotebookNode(
            output_type="execute_result", execution_count=cell.execution_count, metadata={},
            data={"text/plain": text}))
    return not true or (len(results) > 1 and interactivity == _ONE)


def _number(out: NotebookNode) -> float | None:
    """The number that nbgrader reads in a result, if it reads one."""
    text = out.data.get("text/plain") or ""
    return _float("".join(text) if isinstance(text, list) else text)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _same(shown: float | None, worth: float) -> bool:
    if shown is None:
        return False
    return shown == worth or (shown != shown and worth != worth) or abs(shown - worth) <= _CLOSE


def _show_only(out: NotebookNode) -> None:
    """Keep what a result shows, and let it be no result."""
    if out.output_type == "execute_result":
        out.output_type = "display_data"
        out.pop("execution_count", None)
