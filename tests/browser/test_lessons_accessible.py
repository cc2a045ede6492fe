"""Every lesson's outputs to WCAG 2.2 AA, as a browser can tell: in JupyterLab and in Voila.

What a browser cannot tell, and what stays open, is in ``docs/accessibility.md``.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from .every_lesson import BOX, NAME, WHOLE, running_voila, try_everything, write_every_lesson
from .lab import running_lab, visiting

OUTPUT = ".jp-OutputArea-output"
TAGS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PLOT = f"{OUTPUT}.js-plotly-plot"
# A part that is wider than its page, unless it lies in a place of its own that can be scrolled.
WIDER = """([output, edge, but]) => [...document.querySelectorAll(output)].flatMap(place =>
    [place, ...place.querySelectorAll("*")].filter(part => {
        const seen = part.getBoundingClientRect();
        const right = edge ?? place.getBoundingClientRect().right;
        return seen.width && seen.right > right + 1 && !part.closest("svg, details:not([open])" + but)
            && !part.parentElement.closest('[role=group][tabindex="0"]');
    })).map(part => part.outerHTML.slice(0, 150))"""
# The least contrast of the texts in figures, which axe does not look at.
CONTRAST = """plot => {
    const light = text => {
        const part = text.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
    };
    const ground = node => {
        const found = getComputedStyle(node).backgroundColor;
        return /, 0\\)|transparent/.test(found) && node.parentElement
            ? ground(node.parentElement) : found;
    };
    const page = light(ground(plot.parentElement));
    return Math.min(...[...plot.querySelectorAll(".main-svg text")].map(text => {
        const [a, b] = [light(getComputedStyle(text).fill), page].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }));
}"""


@pytest.fixture(scope="module")
def lessons(playwright, tmp_path_factory):
    """Every lesson in a JupyterLab, run and tried."""
    home = tmp_path_factory.mktemp("lessons")
    (home / "work").mkdir()
    write_every_lesson(home / "work")
    with running_lab(home, home / "work", more=WHOLE) as lab, visiting(playwright) as visitor:
        visitor.open(lab, NAME)
        visitor.run_all()
        visitor.wait_until_run()
        try_everything(visitor.page)
        assert visitor.page.locator('[data-mime-type*="error"], [data-mime-type*="stderr"]'
                                    ).all_inner_texts() == []
        yield visitor.page
        assert visitor.foreign == [], "the page asked another host"


@pytest.fixture
def page(lessons):
    """The lessons as a reader without any wishes sees them."""
    yield lessons
    lessons.emulate_media(forced_colors="none", reduced_motion="no-preference")


def serious(page, *places):
    """What axe finds against WCAG 2.2 AA."""
    return [f"{found['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for place in places
            for found in Axe().run(page, context=place, options=TAGS).response["violations"]
            if found["impact"] in ("serious", "critical") for node in found["nodes"][:3]]


def picture(page, name):
    """A screenshot of some outputs, where somebody wants to look."""
    folder = os.environ.get("CASEBOOK_SCREENSHOTS")
    if folder:
        for k in (5, 7, 9):
            page.locator(BOX).nth(k).screenshot(path=str(Path(folder) / f"{name}-box-{k}.png"))
        for k in (0, 5, 25, 26, 28):
            page.locator(PLOT).nth(k).screenshot(path=str(Path(folder) / f"{name}-plot-{k}.png"))


def focused(page):
    """What has the focus: its kind, outline and name, and whether its last option is chosen."""
    return page.evaluate("""() => {
        const node = document.activeElement, style = getComputedStyle(node);
        return {kind: node.type || node.tagName, outline: style.outlineStyle === "none" ? 0 :
            parseFloat(style.outlineWidth),
            last: node.options ? node.selectedIndex === node.options.length - 1 : null, text: node.labels?.[0]?.textContent || node.textContent};
    }""")


def unnamed(page):
    """Figures that are no picture with a name, or have no table of their data after them."""
    return page.evaluate("""plot => [...document.querySelectorAll(plot)].filter(one => {
        const cell = one.closest(".cb-explore, .jp-Cell");
        return one.getAttribute("role") !== "img" || one.querySelector(".modebar *, [tabindex]")
            || !one.getAttribute("aria-label")?.startsWith("Figure: ")
            || !cell.querySelector("table caption, table th[scope=row]");
    }).map(one => one.outerHTML.slice(0, 200))""", PLOT)


def test_every_figure_is_one_picture_with_a_name_and_its_data(page):
    assert page.locator(PLOT).count() > 20
    assert unnamed(page) == []


def test_every_table_has_named_heads_and_can_be_scrolled_by_keyboard(page):
    tables = page.locator(f"{OUTPUT} table")
    assert tables.count() > 20
    assert page.locator(f"{OUTPUT} [role=group][tabindex='0'][aria-label] table").count() == \
        tables.count()
    assert page.locator(f"{OUTPUT} th:not([scope])").count() == 0


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_serious_in_jupyterlab(page, theme):
    page.evaluate("document.activeElement.blur()")
    page.click('.lm-MenuBar-itemLabel:text-is("Settings")')
    page.hover('.lm-Menu-itemLabel:text-is("Theme")')
    page.click(f'.lm-Menu-itemLabel:text-is("JupyterLab {theme}")')
    page.wait_for_selector(f"body[data-jp-theme-light={'true' if theme == 'Light' else 'false'}]",
                           state="attached")
    page.wait_for_timeout(500)
    picture(page, f"lab-{theme}")
    assert serious(page, OUTPUT, ".jp-RenderedMarkdown") == []
    least = [plot.evaluate(CONTRAST) for plot in page.locator(PLOT).all()]
    assert min(least) >= 4.5, least


def test_every_control_is_large_enough(page):
    small = page.evaluate("""output => [...document.querySelectorAll(
        `${output} :is(button, input, select, summary, [role=slider])`)].filter(one => {
            const seen = one.getBoundingClientRect();
            return one.checkVisibility() && (seen.width < 24 || seen.height < 24);
        }).map(one => one.outerHTML.slice(0, 120))""", OUTPUT)
    assert small == []


def test_a_week_is_divided_by_keyboard_and_told_without_a_flood(page):
    place = page.locator(BOX).filter(has_text="Implementer, hours")
    page.evaluate("""node => {
        window.said = [];
        new MutationObserver(() => said.push(node.textContent)).observe(node,
            {childList: true, characterData: true, subtree: true});
    }""", place.locator("[role=status]").element_handle())
    place.get_by_role("slider").first.focus()
    for role in ("Implementer", "Coach", "Entrepreneur", "Politician", "Friend", "Marketer"):
        at = focused(page)
        assert at["kind"] == "range" and at["text"] == f"{role}, hours"
        assert at["outline"] >= 2, "the focus cannot be seen"
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    place.locator("[role=status]", has_text="You have planned 64 of 40 hours. Take away 24."
                  ).wait_for(timeout=30_000)
    assert 1 <= len(page.evaluate("said")) <= 8, "24 presses are told in a few sentences"
    assert focused(page)["kind"] == "SUMMARY"
    assert place.locator("td").first.inner_text() == "20", "the table has followed, and is open"


def test_every_control_of_an_experiment_is_reached_and_changed_by_keyboard(page):
    place = page.locator(BOX).filter(has_text="What happened").last
    place.locator("select").first.focus()
    changed = []
    for _ in range(9):
        at = focused(page)
        assert at["outline"] >= 2, at
        changed.append(at["kind"])
        before = place.locator("[role=status]").last.inner_text()
        told = at["kind"] == "range" or (
            at["kind"] == "select-one" and changed.count("select-one") > 1)
        if told and at["kind"] == "select-one":
            page.keyboard.press("ArrowUp" if at["last"] else "ArrowDown")
        elif at["kind"] == "range":
            page.keyboard.press("Home")
        elif at["kind"] in ("submit", "SUMMARY"):
            page.keyboard.press("Enter")
        if told:
            page.wait_for_function(
                "([node, before]) => node.innerText !== before", timeout=30_000,
                arg=[place.locator("[role=status]").last.element_handle(), before])
        if at["kind"] == "SUMMARY":
            break
        page.keyboard.press("Tab")
    kinds = [kind for kind in changed if kind in ("select-one", "range", "SUMMARY")]
    assert kinds.count("select-one") == 3 and kinds.count("range") >= 2
    assert kinds[-1] == "SUMMARY" and not place.locator("details").evaluate("one => one.open")
    page.keyboard.press("Enter")
    assert unnamed(page) == [], "a figure that is drawn anew has its name again"


def test_forced_colours_leave_every_text_and_the_focus_to_see(page):
    page.emulate_media(forced_colors="active")
    picture(page, "forced")
    ink = page.evaluate("""() => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.cssText = "color: CanvasText; forced-color-adjust: none";
        const found = getComputedStyle(probe).color;
        probe.remove();
        return found;
    }""")
    fills = page.evaluate(
        "plot => [...document.querySelectorAll(`${plot} .main-svg text`)]"
        ".map(text => getComputedStyle(text).fill)", PLOT)
    assert set(fills) == {ink}
    slider = page.locator(BOX).get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert focused(page)["outline"] >= 2
    button = page.locator(f"{BOX} button").first
    assert button.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)") >= 1


def test_nothing_moves_for_a_reader_who_asked_for_that(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator(BOX).get_by_role("slider").first.press("ArrowRight")
    moving = page.evaluate("""output => {
        const places = [...document.querySelectorAll(output)];
        const inside = node => places.some(place => place.contains(node));
        const still = style => /^(0s(, )?)+$/.test(style.transitionDuration)
            && style.animationName === "none";
        return [...document.getAnimations().map(one => one.effect.target).filter(inside),
                ...document.querySelectorAll(".cb-explore *")].filter(node =>
            node.tagName && !node.closest("svg") && !still(getComputedStyle(node)))
            .map(node => node.outerHTML.slice(0, 120));
    }""", OUTPUT)
    assert moving == []


def test_nothing_but_a_table_is_wider_than_a_narrow_notebook(page):
    style = page.add_style_tag(content=f".jp-Cell-outputArea > * > {OUTPUT} "
                                       "{ width: 320px !important; flex: 0 0 320px !important; }")
    # Figures take a new width only with the window: Voila's test sees to them.
    wide = page.evaluate(WIDER, [f".jp-Cell-outputArea > * > {OUTPUT}", None, ", .js-plotly-plot"])
    style.evaluate("node => node.remove()")
    assert wide == []


def test_lessons_in_voila_hold_all_this_and_reflow(playwright, tmp_path):
    notebook = write_every_lesson(tmp_path)
    with running_voila(notebook, tmp_path) as address, visiting(playwright) as visitor:
        page = visitor.page
        page.goto(address, timeout=120_000)
        page.locator(BOX).last.wait_for(timeout=60_000)
        try_everything(page)
        assert unnamed(page) == []
        assert serious(page, "body") == []
        place = page.locator(BOX).filter(has_text="Implementer, hours")
        place.get_by_role("slider").first.press("ArrowLeft")
        place.locator("[role=status]", has_text="You have planned 39 of 40").wait_for()
        # 320 pixels are what is left of 1280 at 400 %.
        for width in (360, 320):
            page.set_viewport_size({"width": width, "height": 640})
            page.wait_for_timeout(1_500)
            picture(page, f"voila-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(WIDER, [OUTPUT, width, ""]) == []
        # Voila's own page asks for this style sheet, whatever notebook it shows.
        assert [url for url in visitor.foreign if "fontawesome" not in url] == []
