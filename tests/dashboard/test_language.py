"""Whatever the dashboard says in Chinese it can say in English."""

import re
from collections import Counter

from dashboard.language import catalogue, catalogue_files, known, one_of, sentences, speaker
from tests.dashboard.words import everything

NAMES = {"警格通", "警格通 beatgrid", "中文"}  # said alike in every language
PLACES = re.compile(r"\{(\w+)\}")


def test_every_chinese_text_has_its_english() -> None:
    assert sorted(everything() - NAMES - catalogue("en").keys()) == []


def test_no_text_is_translated_in_two_catalogues() -> None:
    every = Counter(chinese for file in catalogue_files("en") for chinese, _english in sentences(file, "en"))
    assert [chinese for chinese, times in every.items() if times > 1] == []


def test_no_english_stands_without_its_chinese() -> None:
    assert sorted(catalogue("en").keys() - everything()) == []


def test_both_languages_fill_in_the_same_values() -> None:
    for chinese, english in catalogue("en").items():
        assert sorted(PLACES.findall(chinese)) == sorted(PLACES.findall(english)), chinese


def test_chinese_is_said_as_written_and_values_are_filled_in() -> None:
    assert speaker("zh")("数据截至 {through}", through="2026") == "数据截至 2026"
    assert speaker("en")("数据截至 {through}", through="2026") == "Data through 2026"


def test_an_unknown_language_reads_chinese() -> None:
    assert known("xx") == known(None) == "zh"
    assert one_of("en", "网格", "cell") == "cell"
    assert one_of("en", "网格", "") == "网格"
