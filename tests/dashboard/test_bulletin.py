"""The bulletin's words, pictures and layout, on figures made by hand."""

import ast
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dashboard.bulletin
from dashboard.bulletin import charts, maps, pdf
from dashboard.bulletin.figures import KEYS, Figures
from dashboard.bulletin.folding import fold
from dashboard.bulletin.html import Issue, bulletin_html
from dashboard.bulletin.key_figures import count_row, share_row
from dashboard.bulletin.summary import summary
from dashboard.bulletin.words import LANGUAGES, table, words
from geo.errors import InputError, Unavailable
from grids.containment import wilson
from grids.trends import count_z
from tests.dashboard.bulletin_sample import sample

FOLDER = Path(dashboard.bulletin.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
VALUES = re.compile(r"\{(\w+)\}")
SAID = re.compile(r"say\('(\w+)'")
ISSUE = Issue(2026, 3, "王所长", "2026-06-01T09:00:00+08:00", "ab12cd34ef5678", (2026, 2))


@pytest.fixture(scope="module")
def figures():
    return sample()


class Links(HTMLParser):
    """Every address that a page names, in attributes and style sheets."""

    def __init__(self):
        super().__init__()
        self.found, self.tags = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.found += [
            value
            for name, value in attrs
            if name in ("src", "href", "xlink:href", "srcset", "data", "poster", "action")
        ]

    def handle_data(self, data):
        self.found += re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", data)


def test_every_text_is_there_in_both_languages_and_fills_in_the_same_values():
    for name, told in table().items():
        assert set(told) == set(LANGUAGES), name
        values = {
            lang: set(VALUES.findall(told[lang])) - {"m", "mon"} for lang in LANGUAGES
        }  # a month by number or name
        assert values["zh"] == values["en"], name
        assert told["zh"].strip() or name == "space", name
        assert told["en"].strip() or name in ("page_end", "space")
        assert not CHINESE.search(told["en"]), name


def test_every_word_that_code_or_template_says_is_in_the_table():
    said = set()
    for path in FOLDER.rglob("*.html"):
        said |= set(SAID.findall(path.read_text("utf-8")))
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                first = node.args[0]
                either = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                said |= {each.value for each in either if isinstance(each, ast.Constant)}
    assert len(said) > 80
    assert sorted(name for name in said - table().keys() if not name.endswith("_")) == []
    assert {f"k_{code}" for code in KEYS} <= table().keys()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("issue", [None, ISSUE])
def test_the_page_fetches_nothing_and_runs_nothing(figures, lang, issue):
    page = bulletin_html(figures, lang, issue)
    links = Links()
    links.feed(page)
    assert links.found == []
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & links.tags
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_draft_says_so_and_an_issued_one_has_number_name_and_checksum(figures):
    draft, done = bulletin_html(figures), bulletin_html(figures, "zh", ISSUE)
    assert "草稿" in draft
    assert "〔2026〕第　号" in draft
    assert "草稿　未经签发" not in done
    for told in ("〔2026〕第3号", "2026年6月1日印发", "王所长", "ab12cd34ef56", "本期替代〔2026〕第2号"):
        assert told in done
    assert "演示数据" in draft
    real = replace(figures, about=figures.about | {"synthetic": False})
    assert "演示数据" not in bulletin_html(real)


def test_what_comes_from_the_record_is_escaped(figures):
    evil = replace(figures, about=figures.about | {"place_name": "<script>alert(1)</script>"})
    assert "<script>" not in bulletin_html(evil)
    drawn = maps.draw_shapes([("G1", "B1", maps.shapely.box(0, 0, 1, 1))], {"B1": "<b>"})
    assert "<b>" not in maps.place_map(drawn, "demand", "<i>", {})


def test_the_same_figures_give_the_same_page(figures):
    assert bulletin_html(figures) == bulletin_html(Figures.read(figures.text()))


def test_only_changes_past_the_test_are_called_changes(figures):
    told = summary(figures, "zh")
    assert "按期办结率明显上升（84.5%→93.3%）" in told
    assert "重复警情率明显下降（12.8%→7.4%）" in told
    assert "现场化解率、" in told
    assert re.search("现场化解率.*无明显变化", told)
    assert "环比（上期1,480）无明显变化" in told
    assert "同比（去年同期1,980）明显下降" in told
    english = summary(figures, "en")
    assert "closed on time rose clearly (84.5% → 93.3%)" in english
    assert "did not change clearly against the period before (1,480)" in english


def test_without_a_period_to_compare_nothing_is_said_to_change(figures):
    key = [
        row
        | {f"{name}_z": None for name in ("before", "year")}
        | {f"{name}_direction": "unknown" for name in ("before", "year")}
        for row in figures["key"]
    ]
    told = summary(replace(figures, tables=figures.tables | {"key": key}), "zh")
    assert "明显" not in told
    assert "环比无从比较" in told


def test_an_empty_place_has_a_page_too(figures):
    none = {name: [] for name in figures.tables}
    none["key"] = [count_row(code, (0, 31), None, None) for code in ("reports", "matters")] + [
        share_row(code, (0, 0), (0, 0), (0, 0)) for code in KEYS[2:]
    ]
    none["severity"] = [
        row | {"contained": 0, "escaped": 0, "pending": 0, "decided": 0, "low": None, "high": None}
        for row in figures["severity"]
    ]
    empty = Figures(figures.about | {"demand_classes": []}, none, {})
    for lang in LANGUAGES:
        assert "nan" not in bulletin_html(empty, lang).lower().replace("finance", "")


def test_a_key_figure_has_the_interval_and_z_of_the_pure_formulas():
    row = share_row("contained", (41, 50), (0, 0), (30, 50))
    assert (row["low"], row["high"]) == pytest.approx(wilson(41, 50))
    assert (row["before_z"], row["before_direction"]) == (None, "unknown")
    assert row["year_direction"] == "unchanged"
    counted = count_row("reports", (280, 28), (465, 31), None)
    assert counted["before_z"] == pytest.approx(float(count_z(280, 465, 28, 31)))
    assert (counted["before_direction"], counted["year_direction"]) == ("down", "unknown")


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 9))
def test_small_counts_are_told_together_and_none_alone(counts, small):
    rows = [(f"c{i}", n) for i, n in enumerate(counts)]
    told = fold(rows, small)
    assert sum(n for _, _, n in told) == sum(counts)
    assert sum(kinds for _, kinds, _ in told) == sum(1 for n in counts if n)
    named = [n for name, _, n in told if name is not None]
    assert all(n >= small for n in named)
    together = [(kinds, n) for name, kinds, n in told if name is None]
    if together and named:
        assert together[0][0] >= 2
        assert together[0][1] >= small


def test_cells_with_too_little_are_hatched_and_none_decided_is_white():
    assert maps.share_class(3, 4, 5) is None
    assert maps.share_fill(None) == maps.HATCHED
    assert maps.share_fill(maps.share_class(0, 0, 5)) == maps.NOTHING
    assert [maps.share_class(k, 100, 5) for k in (100, 95, 94, 89, 79, 69)] == [0, 0, 1, 2, 3, 4]


def test_classes_of_demand_hold_every_value_once():
    lower = maps.quantity_classes([0, 10, 20, 30, 40, 50, 1000])
    assert lower[0] == 0.0
    assert lower == sorted(set(lower))
    assert maps.quantity_classes([]) == []


def test_names_that_would_cover_each_other_on_a_map_become_numbers():
    assert maps.map_names([f"听涛社区第{n}警格" for n in "一二三"]) == ["一警格", "二警格", "三警格"]
    many = [f"{place}社区第{n}警格" for place in ("槐荫", "鹿鸣", "斜街") for n in "一二三"]
    assert maps.map_names(many) == [str(n) for n in range(1, 10)]
    assert maps.map_names(["望潮派出所", "银沙派出所"]) == ["望潮派出所", "银沙派出所"]


@pytest.mark.parametrize(("metres", "shown"), [(999, 500), (1000, 1000), (1999, 1000), (4999, 2000), (51, 50)])
def test_the_scale_bar_has_a_round_length_that_fits(metres, shown):
    assert maps.round_length(metres) == shown


def test_a_bar_is_as_long_as_its_share_and_its_interval():
    drawn = charts.share_bar((0.5, 0.25, 0.75), None, width=100)
    assert 'width="50.00"' in drawn
    assert 'x1="25.00"' in drawn
    assert 'x2="75.00"' in drawn


def test_unknown_languages_and_other_files_are_refused():
    with pytest.raises(InputError, match="--lang must be one of zh, en"):
        words("fr")
    for text in ("{}", "no", '{"version":9,"about":{},"tables":{},"shapes":{}}'):
        with pytest.raises(InputError):
            Figures.read(text)


def test_a_pdf_without_pango_says_what_to_install(monkeypatch, tmp_path):
    def missing():
        raise OSError("cannot load library 'libpango'")

    monkeypatch.setattr(pdf, "_setter", missing)
    with pytest.raises(Unavailable, match="apt-get install libpango"):
        pdf.write_pdf("<p>", tmp_path / "b.pdf")


def test_a_pdf_fetches_nothing_from_elsewhere(tmp_path):
    page = '<html><body><img src="file:///etc/hostname"><img src="http://127.0.0.1:9/x.png"><p>ok</p></body></html>'
    assert pdf.write_pdf(page, tmp_path / "b.pdf") == 1
