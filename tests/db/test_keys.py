"""Keys: made once, told apart, and phones that match however they are written."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from db.keys import Keys, load_keys
from geo.errors import Unavailable

KEYS = Keys([Fernet.generate_key().decode()], b"k" * 32)
OTHER = Keys([Fernet.generate_key().decode()], b"o" * 32)
FULL_WIDTH = str.maketrans("0123456789+", "０１２３４５６７８９＋")


@pytest.mark.parametrize(
    "written",
    ["13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "+8613812345678", "0086-138-1234-5678",
     "8613812345678", "(86)13812345678", "１３８１２３４５６７８", "013812345678", "tel:+86-138-1234-5678"],
)  # fmt: skip
def test_a_mobile_number_matches_however_it_is_written(written):
    assert KEYS.phone_hash(written) == KEYS.phone_hash("13812345678")


@pytest.mark.parametrize("written", ["0532-8888 6666", "+86 532 8888 6666", "0086 532 88886666", "(0532)88886666"])
def test_a_landline_matches_with_trunk_zero_or_country_code(written):
    assert KEYS.phone_hash(written) == KEYS.phone_hash("053288886666")


def test_a_landline_of_ten_digits_matches_with_country_code():
    assert KEYS.phone_hash("+86 10 6666 8888") == KEYS.phone_hash("010-66668888")


@pytest.mark.parametrize("written", [None, "", "  ", "none", "-", "不详"])
def test_what_holds_no_digit_has_no_hash_and_matches_nobody(written):
    assert KEYS.phone_hash(written) is None


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_two_mobile_numbers_match_only_when_equal(one, other):
    assert (KEYS.phone_hash(one) == KEYS.phone_hash(other.translate(FULL_WIDTH))) == (one == other)


def test_a_hash_says_nothing_without_its_key():
    assert KEYS.phone_hash("13812345678") != OTHER.phone_hash("13812345678")


@given(st.dictionaries(st.text(max_size=5), st.none() | st.text(), max_size=4))
def test_what_is_sealed_opens_again_with_the_same_keys_only(values):
    token = KEYS.seal(values)
    assert KEYS.open(token) == values
    assert KEYS.open(memoryview(token)) == values
    with pytest.raises(Unavailable, match="encrypted with other keys"):
        OTHER.open(token)


def test_sealing_twice_gives_two_tokens():
    assert KEYS.seal({"a": "b"}) != KEYS.seal({"a": "b"})


def test_a_new_key_in_front_opens_what_the_old_one_sealed():
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    assert Keys([new, old], b"k" * 32).open(Keys([old], b"k" * 32).seal({"a": "b"})) == {"a": "b"}


def test_keys_are_made_on_first_use_for_the_owner_only_and_then_kept(tmp_path):
    path = tmp_path / "deep" / "keys"
    first = load_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keys(path).fingerprint == first.fingerprint
    assert os.listdir(path.parent) == ["keys"]


def test_all_that_start_together_get_the_same_keys_and_leave_one_file(tmp_path):
    for round in range(30):
        path, start = tmp_path / str(round) / "keys", Barrier(8)
        with ThreadPoolExecutor(8) as pool:
            made = {pool.submit(lambda p=path, s=start: (s.wait(), load_keys(p).fingerprint)) for _ in range(8)}
        assert len({each.result()[1] for each in made}) == 1
        assert os.listdir(path.parent) == ["keys"]


@pytest.mark.parametrize(
    "content", [b"", b"hash=zz\n", b"fernet=short\nhash=00\n", b"\xff\xfe\x00", b"fernet=\nhash=\n"]
)
def test_a_file_that_holds_no_keys_is_refused_in_a_sentence_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "keys"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match="is not a key file: restore it"):
        load_keys(path)
    assert path.read_bytes() == content


def test_the_fingerprint_does_not_tell_the_key():
    assert (b"k" * 32).hex()[:16] != KEYS.fingerprint != OTHER.fingerprint
    assert len(KEYS.fingerprint) == 16
