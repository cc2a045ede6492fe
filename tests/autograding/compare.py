"""Two courses, side by side: the gradebook and the graded notebooks, but for times and ids."""

import json
import re
import sqlite3
from pathlib import Path

GRADES = """
    SELECT s.student_id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
    FROM grade g JOIN submitted_notebook sn ON g.notebook_id = sn.id
    JOIN submitted_assignment s ON sn.assignment_id = s.id
    JOIN notebook n ON sn.notebook_id = n.id JOIN base_cell c ON g.cell_id = c.id ORDER BY 1, 2, 3"""
COMMENTS = """
    SELECT s.student_id, n.name, c.name, k.auto_comment, k.manual_comment
    FROM comment k JOIN submitted_notebook sn ON k.notebook_id = sn.id
    JOIN submitted_assignment s ON sn.assignment_id = s.id
    JOIN notebook n ON sn.notebook_id = n.id JOIN base_cell c ON k.cell_id = c.id ORDER BY 1, 2, 3"""
OTHERS = {
    "students": "SELECT id, first_name, last_name, email FROM student ORDER BY 1",
    "courses": "SELECT id FROM course ORDER BY 1",
    "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment ORDER BY 1",
    "penalties": """SELECT s.student_id, n.name, sn.late_submission_penalty FROM submitted_notebook sn
        JOIN submitted_assignment s ON sn.assignment_id = s.id JOIN notebook n ON sn.notebook_id = n.id ORDER BY 1, 2""",
}


def gradebook(course):
    """What a gradebook holds, without the ids that nbgrader draws by chance."""
    with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True) as db:
        return {name: db.execute(query).fetchall()
                for name, query in {"grades": GRADES, "comments": COMMENTS, **OTHERS}.items()}


#: What differs between any two runs of the same notebook, and by where it runs: a sandbox has names of its own for both.
BY_CHANCE = (
    (re.compile(r"'[^'\n]*/autograded/\w+/\w+'|'/submission'"), "'FOLDER'"),
    (re.compile(rf"(~|{re.escape(str(Path.home()))})/(?=[\w./-]*\.py\b)"), "HOME/"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x…"),
    (re.compile(r"ipykernel_\d+/\d+"), "ipykernel_…"),
    (re.compile(r"\bThread-\d+"), "Thread-…"),
    (re.compile(r"\d+(\.\d+)? ([nµm]?s|µs) ± .*"), "… per loop"),
    (re.compile(r"(CPU times|Wall time): .*"), r"\1 …"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "uuid"),
)


def plain(value):
    """A value of a notebook with what is left to chance taken out."""
    if isinstance(value, str):
        for pattern, put in BY_CHANCE:
            value = pattern.sub(put, value)
        return value
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key not in ("id", "execution", "uid", "model_id")}
    return value


def notebook(path):
    book = json.loads(Path(path).read_text(encoding="utf-8"))
    for cell in book["cells"]:
        for name in ("source",):
            cell[name] = "".join(cell[name])
        merged = []
        for out in cell.get("outputs", []):
            if "text" in out:
                out["text"] = "".join(out["text"])
            # A stream arrives in as many pieces as the kernel's clock cuts it into.
            if merged and out["output_type"] == "stream" == merged[-1]["output_type"] and out["name"] == merged[-1]["name"]:
                merged[-1]["text"] += out["text"]
            else:
                merged.append(out)
        if "outputs" in cell:
            cell["outputs"] = merged
    book["metadata"].pop("widgets", None)
    return plain(book)


def files(course, assignment):
    """Graded files by student and name, but for what Python keeps of modules that code imported."""
    root = course / "autograded"
    return {str(path.relative_to(root)): path for path in sorted(root.glob(f"*/{assignment}/**/*"))
            if path.is_file() and path.parent.name != "__pycache__"}


def differences(one, other, assignment):
    """Every difference in words; none if the courses were graded alike."""
    found = []
    mine, theirs = gradebook(one), gradebook(other)
    for table in mine:
        if mine[table] != theirs[table]:
            found += [f"{table}: {a} / {b}" for a, b in zip(mine[table], theirs[table], strict=False) if a != b] or [f"{table}: other length"]
    a, b = files(one, assignment), files(other, assignment)
    found += [f"only in one: {name}" for name in sorted(set(a) ^ set(b))]
    for name in sorted(set(a) & set(b)):
        if not name.endswith(".ipynb"):
            if a[name].read_bytes() != b[name].read_bytes():
                found.append(f"{name}: other content")
            continue
        x, y = notebook(a[name]), notebook(b[name])
        if len(x["cells"]) != len(y["cells"]):
            found.append(f"{name}: {len(x['cells'])} cells and {len(y['cells'])}")
        for number, (p, q) in enumerate(zip(x["cells"], y["cells"], strict=False)):
            if p != q:
                keys = [key for key in {*p, *q} if p.get(key) != q.get(key)]
                found.append(f"{name}, cell {number}: " + "; ".join(f"{key}: {p.get(key)!r:.300} / {q.get(key)!r:.300}" for key in keys))
        if x["metadata"] != y["metadata"]:
            found.append(f"{name}: metadata {x['metadata']} / {y['metadata']}")
    return found
