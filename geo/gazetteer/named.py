"""Places told by name alone: villages, estates, whole roads, numbered series; and names that are only alike."""

from collections.abc import Sequence

import numpy as np

from geo.gazetteer.answers import Answers
from geo.gazetteer.densest import densest
from geo.gazetteer.kriging import IntArray
from geo.gazetteer.names import Spot, letter_pairs, likeness_keys, relations_of, shared
from geo.gazetteer.table import Groups

_REACH_M, _ALIKE_REACH_M = 250.0, 1500.0
_FLOOR_M = 60.0
_ELSEWHERE = 0.15
_WORDS_WEIGHT = 8.0
# A hamlet of the same name under another village: published coordinates often mean that one.
_NAMESAKE = 0.2
_MOST_ALIKE = 40
# How far a relation of names can be believed, as rank for the radius: the order of names.likeness_keys.
RELATIONS = ("sound", "core", "prefix", "suffix", "typo")


class Names:
    """The names of the base with their rows (in the order of `groups`) and what they share with one another."""

    def __init__(self, groups: Groups, words: Sequence[str]) -> None:
        self._groups = groups
        self._words = words
        made = {text: letter_pairs(text) for text in set(words)}
        self._pairs_of_words = [made[text] for text in words]
        self._pairs = {name: letter_pairs(name) for name in groups.of_name}
        self._bearing: dict[str, list[int]] = {}
        for at, text in enumerate(words):
            if text:
                self._bearing.setdefault(text, []).append(at)
        self._alike: dict[str, dict[str, list[str]]] = {relation: {} for relation in RELATIONS}
        for name in groups.of_name:
            for relation in relations_of(name):
                for key in likeness_keys(name, relation):
                    self._alike[relation].setdefault(key, []).append(name)

    def rows(self, name: str, left_out: int) -> IntArray:
        """The rows of a name but one."""
        groups = self._groups
        parts = [np.arange(groups.start[g], groups.end[g]) for g in groups.of_name.get(name, ())]
        rows = np.concatenate(parts) if parts else np.empty(0, np.int64)
        return rows[rows != left_out] if left_out >= 0 else rows

    def put_centre(
        self, answers: Answers, row: int, method: str, name: str, spot: Spot, district: int, left_out: int
    ) -> bool:
        """Answer with the place where most of a name's rows lie, those that agree in words and district foremost."""
        groups = self._groups
        words = spot.words or name
        if not (name in groups.of_name or words in groups.of_name or words in self._bearing):
            return False
        rows = self.rows(name, left_out)
        namesakes = self._namesakes(name, spot.words, left_out)
        if not len(rows) + len(namesakes):
            return False
        own = letter_pairs(spot.words)
        likeness = np.array([shared(own, self._pairs_of_words[at]) for at in rows.tolist()] if spot.words else [1.0])
        agree = float(likeness.max(initial=0.0)) if spot.words else 1.0
        trust = np.concatenate(
            [np.exp(_WORDS_WEIGHT * (likeness - 1.0)) * np.ones(len(rows)), _NAMESAKE * np.ones(len(namesakes))]
        )
        rows = np.concatenate([rows, namesakes])
        trust = trust / groups.doubt[rows]
        if district >= 0:
            trust = trust * np.where(groups.district[rows] == district, 1.0, _ELSEWHERE)
        x, y, share, spread = densest(groups.x[rows], groups.y[rows], trust, _REACH_M)
        more = (share, 1.0 / len(rows), agree, np.log(spread + _FLOOR_M) * (share < 0.5))
        text = name + (self._words[rows[int(np.argmax(trust))]] if spot.words else "")
        answers.put(row, method, (x, y), spread + _FLOOR_M, more, 0.5 + 0.5 * agree, text)
        return True

    def _namesakes(self, name: str, words: str, left_out: int) -> IntArray:
        """Rows of other names that bear the same finer words (the same hamlet, filed under another village)."""
        words = words or name
        held = [*self._bearing.get(words, ()), *(self.rows(words, -1).tolist() if words != name else ())]
        own = set(self.rows(name, -1).tolist()) | {left_out} if held else set()
        return np.array(sorted(set(held) - own), np.int64)

    def alike(self, name: str) -> tuple[str, list[tuple[float, str]]]:
        """(relation, [(likeness, name)] best first) of the closest relation that names of the base have to this one."""
        own = letter_pairs(name)
        for relation in relations_of(name):
            held = self._alike[relation]
            found = {other for key in likeness_keys(name, relation) for other in held.get(key, ())} - {name}
            if found:
                pairs = self._pairs
                return relation, sorted([(-shared(own, pairs[other]), other) for other in found])[:_MOST_ALIKE]
        return "", []

    def put_alike(
        self, answers: Answers, row: int, relation: str, others: Sequence[tuple[float, str]], district: int
    ) -> None:
        """Answer with the place where most of the names that are alike lie."""
        groups = self._groups
        held = [(group, -unlike) for unlike, other in others for group in groups.of_name[other]]
        where = np.array([group for group, _ in held], np.int64)
        weight = np.exp(3.0 * np.array([likeness for _, likeness in held])) * groups.weight[where]
        if district >= 0:
            here = np.array([groups.districts[group][district] > 0 for group, _ in held])
            weight = weight * np.where(here, 1.0, _ELSEWHERE)
        x, y, share, spread = densest(groups.centre[where, 0], groups.centre[where, 1], weight, _ALIKE_REACH_M)
        rank = RELATIONS.index(relation)
        likeness = -others[0][0]
        more = (share, float(rank), float(rank > 1), float(district >= 0), likeness, 1.0 / len(where))
        answers.put(row, "fuzzy_name", (x, y), spread + 5 * _FLOOR_M, more, 0.5 * likeness, others[0][1])
