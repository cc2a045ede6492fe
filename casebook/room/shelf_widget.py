"""The progress strip in a notebook: it shows the shelf, saves work and brings it back.

Messages from the page: ``{"do": "look"}``, ``{"do": "save"}`` and, for each piece of a file,
``{"do": "bring", "id", "part", "of"}`` with the piece as a buffer. To the page goes, besides the
``view``, ``{"do": "save", "name"}`` with the zip as a buffer.
"""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

from casebook.errors import CasebookError
from casebook.language import _, in_browser, speaking

from .keeping import MAX_ZIP, Restored, pack, restore
from .shelf import shelf
from .shelf_text import Page, heading

STATIC = Path(__file__).with_name("static")


class Shelf(anywidget.AnyWidget):
    """The progress strip of one player over every case.

    Parameters
    ----------
    page : Page
        The shelf as it was read; its folder and player are read again after every message.
    """

    _esm = STATIC / "shelf.js"
    _css = STATIC / "shelf.css"
    words = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)

    def __init__(self, page: Page):
        self._page = page
        self._upload: dict[int, bytes] = {}
        self._upload_id = None
        self._answer = 0
        super().__init__(words=in_browser(page.language), view=self._shown(None))
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return repr(self._page)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            # A front end that shows no widgets takes the table.
            bundle[0].setdefault("text/html", self._page._repr_html_())
        return bundle

    def _receive(self, _widget, message, buffers) -> None:
        """Do what was asked; whatever goes wrong is told in the strip, and nothing is lost."""
        with speaking(self._page.language):
            try:
                said = self._do(message if isinstance(message, dict) else {}, buffers or [])
            except CasebookError as error:
                said = {"level": "error", "lines": [str(error)]}
            except Exception as error:
                said = {"level": "error", "lines": [
                    _("Something unexpected went wrong ({error}). Your files are as they were."
                      ).format(error=f"{type(error).__name__}: {error}")]}
            if said is not None:
                self._look(said)

    def _do(self, message: dict, buffers: list) -> dict | None:
        folder, player = self._page.view["folder"], self._page.view["player"]
        asked = message.get("do")
        if asked == "look":
            return {"level": "info", "lines": [_("Your progress was read again.")]}
        if asked == "save":
            packed = pack(folder, player)
            self.send({"do": "save", "name": packed.name}, buffers=[packed.data])
            return {"level": "warning" if packed.left_out else "info",
                    "lines": [packed.told(), _("Look for it where your browser keeps downloads.")]}
        if asked == "bring":
            data = self._gathered(message, buffers)
            return None if data is None else _report(restore(folder, data))
        return None

    def _gathered(self, message: dict, buffers: list) -> bytes | None:
        """The whole file once its last piece is here: one message could be too large to send."""
        if message.get("id") != self._upload_id:
            self._upload, self._upload_id = {}, message.get("id")
        self._upload[int(message.get("part", 0))] = b"".join(map(bytes, buffers))
        if sum(map(len, self._upload.values())) > MAX_ZIP:
            self._upload = {}
            raise CasebookError(_("This file is larger than {n} MB.").format(
                n=MAX_ZIP // 1_000_000), _("Nothing was changed."))
        if len(self._upload) < int(message.get("of", 1)):
            return None
        data = b"".join(self._upload[part] for part in sorted(self._upload))
        self._upload, self._upload_id = {}, None
        return data

    def _look(self, said: dict) -> None:
        """Read the shelf again and show it, with what is said."""
        try:
            self._page.view = shelf(self._page.view["folder"], self._page.view["player"])
        except CasebookError as error:
            said = {"level": "error", "lines": [*said["lines"], str(error)]}
        self._answer += 1
        self.view = self._shown(said)

    def _shown(self, said: dict | None) -> dict:
        """The view, numbered, so that one equal to the last is sent too."""
        with speaking(self._page.language):
            return {**self._page.view, "heading": heading(self._page.view), "message": said,
                    "largest": MAX_ZIP, "answer": self._answer}


def _report(restored: Restored) -> dict:
    level = "warning" if restored.refused or restored.beside else "info"
    return {"level": level, "lines": restored.lines()}
