"""Build the browser-only site: ``make lite``, or ``python -m lite.build --help``.

It runs in an environment of its own (``.venv-lite``), because every extension of JupyterLab that
the environment has goes into the site, and nbgrader's needs a server. The version of pyodide is
the one that the installed jupyterlite-pyodide-kernel was made for.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .wheels import BuildError, Shelf

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "lite"
#: The runtime itself; everything else of a distribution is packages.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm",
        "python_stdlib.zip", "pyodide-lock.json")
#: What the kernel loads before a lesson asks for anything.
KERNEL = ("micropip", "packaging", "comm", "ipython", "jedi")
#: Parts of Python that older distributions have apart; their kernel asks for them.
APART = ("ssl", "sqlite3")
SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
FIRST = "00-start-here.ipynb"


def main(argv: list[str] | None = None) -> int:
    """Build, and say what became of it."""
    args = parser().parse_args(argv)
    begun = time.perf_counter()
    try:
        site, shelf = build(args)
    except BuildError as error:
        print(f"lite: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"The site is in {site}: {size / 1e6:.0f} MB, built in "
          f"{time.perf_counter() - begun:.0f} s with pyodide {shelf.version}.")
    for line in shelf.said:
        print(f"It has {line}.")
    other = shelf.elsewhere()
    print(f"A browser takes {', '.join(other)} from pyodide's own host (cdn.jsdelivr.net)."
          if other else "It asks no other host.")
    print(f"Serve it: python3 -m http.server --bind 127.0.0.1 --directory {site} 8000\n"
          f"then open http://127.0.0.1:8000/lab/index.html?path={FIRST}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m lite.build", description=__doc__)
    made.add_argument("--output", type=Path, default=ROOT / "build/lite/site", metavar="DIR")
    made.add_argument("--work", type=Path, default=ROOT / "build/lite/work", metavar="DIR",
                      help="for what is made on the way")
    made.add_argument("--distribution", type=Path, metavar="DIR",
                      help="an unpacked distribution of pyodide: take compiled packages from it")
    made.add_argument("--also", type=Path, nargs="*", default=[], metavar="NOTEBOOK",
                      help="notebooks to put beside the lessons")
    made.add_argument("--pyodide", metavar="VERSION", help="another version than the one that "
                      "the installed kernel was made for")
    made.add_argument("--self-contained", action="store_true",
                      help="fail rather than leave a package to pyodide's own host")
    made.add_argument("--without-casebook", action="store_true",
                      help="kernel and widgets only, to try them where there is no distribution")
    return made


def build(args: argparse.Namespace) -> tuple[Path, Shelf]:
    """Lay everything ready in the work folder, then let JupyterLite make the site."""
    for folder in (args.work, args.output):
        shutil.rmtree(folder, ignore_errors=True)
    runtime = args.work / "static/pyodide"
    runtime.mkdir(parents=True)
    version = wanted_version(args.pyodide)
    lay_runtime(version, args.distribution, args.work, runtime)
    shelf = Shelf(json.loads((runtime / "pyodide-lock.json").read_text()), version, runtime,
                  args.distribution, ROOT / "constraints.txt",
                  args.self_contained or args.without_casebook)
    shelf.need(*KERNEL, *(one for one in APART if one in shelf.lock["packages"]))
    if args.without_casebook:
        shelf.need("anywidget")
    else:
        shelf.add(casebook_wheel(args.work / "dist"))
    (runtime / "pyodide-lock.json").write_text(json.dumps(shelf.finished()), encoding="utf-8")
    lay_content([*sorted((ROOT / "notebooks").glob("*.ipynb")), *args.also],
                args.work / "content")
    lay_settings(args.work)
    run_jupyterlite(args.work, args.output.resolve())
    return args.output, shelf


def wanted_version(given: str | None = None) -> str:
    """The version of pyodide that the kernel in this environment was made for."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    return given or PYODIDE_VERSION


def lay_runtime(version: str, distribution: Path | None, work: Path, target: Path) -> None:
    """Copy the runtime from a distribution, or from pyodide's package of npm."""
    source = distribution
    if source is None or not (source / "pyodide.mjs").is_file():
        source = _from_npm(version, work)
    for name in CORE:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    lock = json.loads((target / "pyodide-lock.json").read_text())
    told = lock["info"].get("version", version)
    if told != version:
        raise BuildError(f"{source} is pyodide {told}; the kernel was made for {version}.")


def _from_npm(version: str, work: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("There is no npm here, which fetches pyodide. Install Node (on Debian: "
                         "apt-get install npm), or give --distribution FOLDER.")
    done = subprocess.run([npm, "pack", "--silent", f"pyodide@{version}"], cwd=work,
                          capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"npm could not fetch pyodide {version}:\n{done.stderr.strip()}")
    shutil.unpack_archive(work / done.stdout.split()[-1], work / "npm")
    return work / "npm/package"


def casebook_wheel(out: Path) -> Path:
    """The casebook as students install it: without teaching notes, with its lessons."""
    done = subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir",
                           str(out), str(ROOT)], capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"The casebook's wheel could not be built:\n{done.stderr.strip()}")
    return next(out.glob("*.whl"))


def lay_content(lessons: list[Path], target: Path) -> None:
    """Copy the lessons, with the name that Python has in a browser."""
    target.mkdir(parents=True)
    for path in lessons:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"]["kernelspec"] = {
            "name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        (target / path.name).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n",
                                        encoding="utf-8")


def lay_settings(work: Path) -> None:
    """Settings of the site: its own packages only, and no news from other hosts."""
    from casebook.lab import OVERRIDES

    (work / "overrides.json").write_text(json.dumps(OVERRIDES), encoding="utf-8")
    shutil.copyfile(HERE / "jupyter_lite_config.json", work / "jupyter_lite_config.json")
    site = json.loads((HERE / "jupyter-lite.json").read_text(encoding="utf-8"))
    kernel = site["jupyter-config-data"]["litePluginSettings"][SETTINGS]
    kernel["loadPyodideOptions"] = {"packages": list(KERNEL)}
    (work / "jupyter-lite.json").write_text(json.dumps(site, indent=2), encoding="utf-8")


def run_jupyterlite(work: Path, output: Path) -> None:
    """Let JupyterLite make the site."""
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(work.resolve()),
         "--contents", str((work / "content").resolve()), "--output-dir", str(output)],
        capture_output=True, text=True, cwd=work)
    if done.returncode:
        raise BuildError(f"JupyterLite could not build the site:\n{done.stdout[-2000:]}"
                         f"{done.stderr[-3000:]}")


if __name__ == "__main__":
    sys.exit(main())
