"""Portraits: every description is drawn, safely and always alike."""

import itertools
import xml.etree.ElementTree as ET

import pytest

from casebook.case.fields import STYLES
from casebook.room.portraits import portrait


@pytest.mark.parametrize("style", STYLES)
def test_every_description_is_a_drawing_without_reference_to_anything_else(style):
    for skin, hair, glasses, beard in itertools.product((1, 6), (1, 6), (True, False), (True, False)):
        drawn = portrait({"skin": skin, "hair": hair, "style": style, "clothes": 3,
                          "glasses": glasses, "beard": beard}, "Ann")
        root = ET.fromstring(drawn)
        assert root.tag.endswith("svg") and root.get("aria-hidden") == "true"
        assert "href" not in drawn and "url(" not in drawn and "<script" not in drawn


def test_the_same_description_gives_the_same_drawing_and_another_another():
    assert portrait({"skin": 2}, "Ann") == portrait({"skin": 2}, "Ann")
    assert portrait({"skin": 2}, "Ann") != portrait({"skin": 5}, "Ann")


def test_somebody_without_a_description_is_drawn_too_and_a_name_cannot_break_out():
    ET.fromstring(portrait({}, '"><script>alert(1)</script>'))
