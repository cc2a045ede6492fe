"""The basic view: a play with plain ipywidgets, where a front end cannot load the room's module.

Text stands in HTML widgets, choices in the controls that every front end has. There is no
JavaScript of our own.
"""

from __future__ import annotations

from .room import Basic

__all__ = ["Basic"]
