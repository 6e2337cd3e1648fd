"""What a student sees: the home page, every notebook, and no pop-ups."""

import json
from pathlib import Path

import jupytext
import nbformat
import pytest

from cme323.course import lab
from cme323.course.home import PYTHON

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SCREENSHOTS = Path(__file__).parent / "screenshots"
ASSIGNMENTS = sorted(lab.material().glob("assignments/*/*.ipynb"))
LECTURES = sorted(lab.material().glob("lectures/*.ipynb"))
NOTEBOOKS = [*LECTURES, *ASSIGNMENTS]
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def path_of(notebook):
    return notebook.relative_to(lab.material()).as_posix()


def open_home(page, course):
    """Go where a browser goes when the lab starts, and wait for the page and kernel."""
    page.goto(f"{course.url}/?token={course.token}", timeout=90_000)
    page.wait_for_url("**/lab/tree/Home.ipynb**")
    # Until its splash is gone, JupyterLab may still bring another tab to the front.
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    wait_for_kernel(page)


def wait_for_kernel(page, seconds=60):
    """Until the notebook in front is drawn and its kernel has nothing to do."""
    idle = f"{SHOWN} .jp-Notebook-ExecutionIndicator[data-status='idle']"
    page.wait_for_selector(f"{SHOWN} .jp-Cell", timeout=90_000)
    # A notebook without a kernel is idle too.
    page.wait_for_selector(f"{SHOWN} .jp-KernelName:has-text('Python 3')")
    page.wait_for_selector(idle, timeout=1_000 * seconds)


def links(page):
    """What the page in front links to in the working copy, with the links."""
    resolved = f"{SHOWN} .jp-RenderedMarkdown a[href*='/files/']"
    page.wait_for_selector(resolved)
    # Lab draws `a.ipynb` first, and makes it `/files/a.ipynb?...` a moment later.
    page.wait_for_selector(f"{SHOWN} a[href$='.ipynb']", state="detached")
    return {
        link.get_attribute("href").split("/files/")[1].split("?")[0]: link
        for link in page.locator(resolved).all()
    }


def open_from_home(page, course, notebook):
    """Click a notebook's link on the home page, and wait until it is there."""
    open_home(page, course)
    links(page)[path_of(notebook)].click()
    page.wait_for_url(f"**/lab/tree/{path_of(notebook)}**")
    wait_for_kernel(page)


def run_all_cells(page, seconds=120):
    """Run the notebook in front from the menu, and wait until no cell is waiting."""
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    page.wait_for_function(
        """shown => {
            const prompts = [...document.querySelectorAll(
                `${shown} .jp-CodeCell .jp-InputPrompt`)].map(e => e.textContent);
            return prompts.some(p => /\\d/.test(p)) && !prompts.includes('[*]:');
        }""",
        arg=SHOWN,
        timeout=1_000 * seconds,
    )
    wait_for_kernel(page, seconds)


def nothing_alarming(page):
    """No pop-up, no dialog, no request elsewhere, none that failed, no error."""
    assert page.locator(".Toastify__toast").all_inner_texts() == []
    assert page.locator(".jp-Dialog").all_inner_texts() == []
    assert vars(page.seen) == {"external": [], "errors": [], "failed": []}


def test_the_course_has_a_lecture_and_an_assignment():
    assert ASSIGNMENTS
    assert LECTURES


def test_the_home_page_links_every_notebook(page, course):
    open_home(page, course)
    assert set(links(page)) == {path_of(notebook) for notebook in NOTEBOOKS}
    page.screenshot(path=SCREENSHOTS / "home.png")
    nothing_alarming(page)


def test_to_look_at_the_home_page_does_not_edit_it(page, course):
    open_home(page, course)
    page.wait_for_timeout(1_000)
    assert page.locator(".jp-mod-dirty").count() == 0


@pytest.mark.parametrize("notebook", LECTURES, ids=path_of)  # the others run, below
def test_a_link_opens_its_notebook(page, course, notebook):
    open_from_home(page, course, notebook)
    page.screenshot(path=SCREENSHOTS / f"{notebook.stem}.png")
    cells = json.loads(notebook.read_bytes())["cells"]
    assert page.locator(f"{SHOWN} .jp-Cell").count() > min(3, len(cells) - 1)
    nothing_alarming(page)


@pytest.mark.parametrize("notebook", ASSIGNMENTS, ids=path_of)
def test_an_assignment_runs_to_its_end(page, course, notebook):
    open_from_home(page, course, notebook)
    run_all_cells(page)
    page.locator(f"{SHOWN} .jp-OutputArea-output").first.scroll_into_view_if_needed()
    page.wait_for_timeout(1_000)  # for the picture: cells are drawn after the scroll
    page.screenshot(path=SCREENSHOTS / f"{notebook.stem}-run.png")
    nothing_alarming(page)


def saved(page, file):
    """The notebook in front as it is on disk, saved from the menu."""
    page.locator(".lm-MenuBar-item", has_text="File").click()
    page.locator(".lm-Menu-item[data-command='docmanager:save']").click()
    page.wait_for_selector(".jp-mod-dirty", state="detached")
    return json.loads(file.read_bytes())["cells"]


def errors(cells):
    """What the cells that failed say, as a reader sees it."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return ["".join(o["traceback"]) for o in outputs if o["output_type"] == "error"]


def test_a_blank_exercise_is_answered_by_one_sentence(page, course):
    open_from_home(page, course, ASSIGNMENTS[0])
    run_all_cells(page)
    # Jupyter stops at the first error, but may have sent some later cells before.
    told, *_ = errors(saved(page, course.work / path_of(ASSIGNMENTS[0])))
    assert told.startswith("Not yet. 1.1: tree_sum is not written yet")


def test_a_solved_assignment_runs_without_an_error(page, course):
    source = lab.material() / "solutions/a5_graphs/a5_graphs.py"
    solved = course.work / "assignments/solved.ipynb"
    jupytext.write(jupytext.read(source), solved)
    page.goto(f"{course.url}/lab/tree/assignments/solved.ipynb?token={course.token}")
    wait_for_kernel(page)
    run_all_cells(page)
    cells = saved(page, solved)
    assert errors(cells) == []
    assert all(c["execution_count"] for c in cells if c["cell_type"] == "code")
    page.screenshot(path=SCREENSHOTS / "a5_graphs-solved.png")


def test_a_picture_in_a_lecture_is_told_in_words(page, course):
    lecture = next(n for n in NOTEBOOKS if n.name == "15_pagerank.ipynb")
    open_from_home(page, course, lecture)
    picture = page.locator(f"{SHOWN} .jp-OutputArea-output img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENSHOTS / "15_pagerank-picture.png")
    assert picture.get_attribute("alt").startswith("Bar chart.")


def test_a_claim_shows_itself_and_its_sliders_run_it(page, course, request):
    cells = [
        'from cme323.claims import claim\n\nclaim("B13")',
        'claim("B13").explore()',
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=PYTHON
    )
    path = course.work / "claim.ipynb"
    request.addfinalizer(path.unlink)  # others look at the folder
    nbformat.write(notebook, path)
    page.goto(f"{course.url}/lab/tree/claim.ipynb?token={course.token}")
    wait_for_kernel(page)
    run_all_cells(page)
    page.wait_for_selector(f"{SHOWN} mjx-container")
    charts = page.locator(f"{SHOWN} .jp-RenderedMarkdown img")
    assert charts.first.get_attribute("alt").startswith("Chart. both partitioned alike")
    assert all(chart.evaluate("img => img.naturalWidth") for chart in charts.all())
    first, second = (charts.nth(i).bounding_box()["y"] for i in (0, 1))
    assert first == second  # side by side
    page.screenshot(path=SCREENSHOTS / "claim.png")
    handle = page.locator(f"{SHOWN} .widget-slider .noUi-handle").last
    handle.scroll_into_view_if_needed()
    handle.press("ArrowRight")
    told = page.locator(
        f"{SHOWN} .widget-html", has_text="P = 5: predicted 0, measured"
    )
    told.wait_for()
    page.screenshot(path=SCREENSHOTS / "claim-explored.png")
    nothing_alarming(page)
