"""``casebook lab``: lessons are copied and kept, and the server really serves them."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from casebook.errors import CasebookError
from casebook.lab import FIRST, check_port, copy_lessons, free_port, lessons_folder


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(lessons_folder(), tmp_path / "source")


def change(path, text):
    book = nbformat.read(path, 4)
    book.cells[0].source = text
    nbformat.write(book, path)


def test_lessons_are_copied_into_a_new_folder(source, tmp_path):
    assert list(copy_lessons(source, tmp_path / "work")) == []
    assert (tmp_path / "work" / FIRST).read_bytes() == (source / FIRST).read_bytes()


def test_a_lesson_that_the_user_changed_is_never_written_over(source, tmp_path):
    work = tmp_path / "work"
    list(copy_lessons(source, work))
    change(work / FIRST, "my notes")
    assert list(copy_lessons(source, work)) == []
    assert nbformat.read(work / FIRST, 4).cells[0].source == "my notes"


def test_a_newer_lesson_is_laid_beside_the_users_own(source, tmp_path):
    work = tmp_path / "work"
    list(copy_lessons(source, work))
    change(work / FIRST, "my notes")
    change(source / FIRST, "a newer lesson")
    lines = list(copy_lessons(source, work))
    assert len(lines) == 1 and ".new.ipynb" in lines[0]
    assert nbformat.read(work / FIRST, 4).cells[0].source == "my notes"
    assert nbformat.read(work / "00-start-here.new.ipynb", 4).cells[0].source == "a newer lesson"


def test_a_newer_lesson_replaces_one_that_nobody_changed(source, tmp_path):
    work = tmp_path / "work"
    list(copy_lessons(source, work))
    change(source / FIRST, "a newer lesson")
    assert list(copy_lessons(source, work)) == []
    assert nbformat.read(work / FIRST, 4).cells[0].source == "a newer lesson"


def test_a_folder_that_cannot_be_made_is_a_plain_error(source, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CasebookError, match="cannot be copied"):
        list(copy_lessons(source, tmp_path / "file"))


def test_a_port_in_use_is_refused_plainly():
    with socket.socket() as used:
        used.bind(("127.0.0.1", 0))
        used.listen()
        port = used.getsockname()[1]
        with pytest.raises(CasebookError, match="in use"):
            check_port(port)
        assert free_port(port) != port
    with pytest.raises(CasebookError, match="no port"):
        check_port(99_999)


def test_the_lab_serves_the_first_lesson_and_ends_with_us(tmp_path):
    port = free_port(0)
    process = subprocess.Popen(
        [sys.executable, "-m", "casebook", "lab", str(tmp_path / "work"), "--no-browser",
         "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        address = None
        while address is None:
            line = process.stdout.readline()
            assert line, "it ended before it told its address"
            found = re.search(r"http://127\.0\.0\.1:\d+/\S+", line)
            address = found and found.group()
        assert f":{port}/lab/tree/{FIRST}?token=" in address
        assert b"jupyter-config-data" in _get(address)
        lesson = address.replace("/lab/tree/", "/files/")
        assert b"Start here" in _get(lesson)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def _get(address, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
