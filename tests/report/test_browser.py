"""The report in a browser: filters, links, hovering, keyboard; no errors on the console. Skipped without Chromium and selenium."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stance.assessment import assess
from stance.report import page
from stance.types import Stance
from tests.assessment.synthetic import EAST, FEAR, NORTH, REMARK, SOUTH, THREAT, article, statement
from tests.report.test_page import hostile

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
By = pytest.importorskip("selenium.webdriver.common.by").By
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and its driver are not here (apt-get install chromium-driver)")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("headless", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update"):
        options.add_argument(f"--{flag}")
    options.add_argument("--disable-sync")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def report(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    unsure = statement(EAST, SOUTH, Stance.DETERRENT, confidence=0.4)
    corpus = [article(THREAT, REMARK), article(FEAR, unsure, day=8), article(REMARK, day=20), hostile()]
    path = tmp_path / "report.html"
    path.write_text(page.render(assess(corpus), corpus), encoding="utf-8")
    chromium.get(path.as_uri())
    yield chromium
    assert chromium.get_log("browser") == []


def settle(driver: Any) -> None:
    driver.execute_async_script("const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)))")


def status(driver: Any) -> str:
    settle(driver)
    return driver.find_element(By.ID, "status").text


def choose(driver: Any, field: str, value: str) -> None:
    script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))"
    driver.execute_script(script, driver.find_element(By.ID, field), value)


def rows(driver: Any) -> list[Any]:
    return driver.find_elements(By.CSS_SELECTOR, "#table tbody tr:not([hidden])")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("f-actor", NORTH.id, "4 of 6 statements, 3 of 4 articles"),
        ("f-speaker", EAST.id, "1 of 6 statements, 1 of 4 articles"),
        ("f-target", SOUTH.id, "2 of 6 statements, 2 of 4 articles"),
        ("f-from", "2031-01-14", "3 of 6 statements, 2 of 4 articles"),
        ("f-to", "2031-01-13", "3 of 6 statements, 2 of 4 articles"),
        ("f-confidence", "50", "5 of 6 statements, 4 of 4 articles"),
        ("f-words", "alert(2)", "1 of 6 statements, 1 of 4 articles"),
    ],
)
def test_filters(report: Any, field: str, value: str, expected: str) -> None:
    assert status(report) == "6 of 6 statements, 4 of 4 articles"
    choose(report, field, value)
    assert status(report) == expected
    assert len(rows(report)) == int(expected.split(maxsplit=1)[0])
    report.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    assert status(report) == "6 of 6 statements, 4 of 4 articles"


def test_stances_are_chosen_by_keyboard(report: Any) -> None:
    report.find_element(By.CSS_SELECTOR, "input[name=stance][value=neutral]").send_keys(Keys.SPACE)
    assert status(report) == "4 of 6 statements, 3 of 4 articles"
    assert len(report.find_elements(By.CSS_SELECTOR, "mark.off")) > 0


def test_a_cell_of_the_matrix_lists_its_statements(report: Any) -> None:
    report.find_element(By.CSS_SELECTOR, "#cells td[data-speaker=NORTH][data-target=SOUTH] button").send_keys(Keys.ENTER)
    assert status(report) == "1 of 6 statements, 1 of 4 articles"
    script = "const m = document.getElementById('measure'); m.value = 'perceived'; m.dispatchEvent(new Event('change'))"
    report.execute_script(script)
    report.find_element(By.CSS_SELECTOR, "#cells td[data-speaker=NORTH][data-target=SOUTH] button").send_keys(Keys.ENTER)
    assert status(report) == "1 of 6 statements, 1 of 4 articles"
    assert rows(report)[0].find_elements(By.TAG_NAME, "td")[1].text == "SOUTH"


def test_a_row_leads_to_its_sentence_which_tells_all(report: Any) -> None:
    (row,) = [r for r in rows(report) if "threatening" in r.text and "NORTH" in r.text]
    row.find_element(By.TAG_NAME, "a").send_keys(Keys.ENTER)
    settle(report)
    mark = report.switch_to.active_element
    assert mark.tag_name == "mark"
    assert row.get_attribute("data-anchor") in mark.get_attribute("data-statement").split()
    tip = report.find_element(By.ID, "tip")
    assert tip.is_displayed()
    assert "NORTH: threatening toward SOUTH (100%)" in tip.text
    mark.send_keys(Keys.ESCAPE)
    assert not tip.is_displayed()


def test_sorting(report: Any) -> None:
    button = report.find_element(By.CSS_SELECTOR, "button[data-sort=confidence]")
    button.click()
    assert "40 %" in rows(report)[0].text
    assert button.find_element(By.XPATH, "..").get_attribute("aria-sort") == "ascending"
    button.click()
    assert "40 %" in rows(report)[-1].text


def test_hostile_text_does_nothing(report: Any) -> None:
    with pytest.raises(Exception, match="no such alert"):
        _ = report.switch_to.alert
    assert report.execute_script("return document.scripts.length + document.images.length") == 1


def test_two_thousand_statements_are_filtered_at_once(chromium: Any, tmp_path: Path) -> None:
    corpus = [article(THREAT, FEAR, *[REMARK] * 3, day=day) for day in range(400)]
    path = tmp_path / "large.html"
    path.write_text(page.render(assess(corpus, every="month"), corpus), encoding="utf-8")
    start = time.perf_counter()
    chromium.get(path.as_uri())
    assert status(chromium) == "2,000 of 2,000 statements, 400 of 400 articles"
    assert time.perf_counter() - start < 10
    start = time.perf_counter()
    choose(chromium, "f-speaker", SOUTH.id)
    assert status(chromium) == "400 of 2,000 statements, 400 of 400 articles"
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(report: Any, scheme: str) -> None:
    report.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    script = "const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]"
    ink, paper = (_luminance(colour) for colour in report.execute_script(script))
    light, dark = max(ink, paper), min(ink, paper)
    assert (light + 0.05) / (dark + 0.05) >= 7  # AAA of the Web Content Accessibility Guidelines
    assert (paper > ink) is (scheme == "light")


def _luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
