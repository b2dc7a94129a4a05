"""UTF-8 and GB18030 are told apart by content; anything else asks for --encoding."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from loaders.readers import open_source
from loaders.readers.encoding import declared, detect

COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
TRADITIONAL = "警方接獲報案後趕往現場處理並將雙方帶返警署調查雙方因樓上漏水發生爭執經調解後和解"
SENTENCE = "楼上漏水，双方争吵，请派人到场处理"


def encoding_of(data: bytes, tmp: Path) -> str:
    path = tmp / "t.csv"
    path.write_bytes(data)
    with open_source(path) as source:
        return str(source.encoding)


def opener(data: bytes):  # type: ignore[no-untyped-def]
    import io

    return lambda: io.BytesIO(data)


@settings(deadline=None)
@given(st.text(st.sampled_from(COMMON), min_size=1, max_size=60))
def test_common_chinese_is_recognised_in_either_encoding(text: str) -> None:
    assert detect(opener(f"a,b\n1,{text}\n".encode()), "t").name == "utf-8"
    packed = f"a,b\n1,{text}\n".encode("gb18030")
    try:
        packed.decode()
    except UnicodeDecodeError:
        assert detect(opener(packed), "t").name == "gb18030"
    else:
        assume(False)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_every_utf8_text_is_utf8(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    assume(data.count(0) * 10 <= len(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")))
    assert detect(opener(data), "t").name.startswith("utf-8")


def test_a_byte_order_mark_is_no_part_of_the_first_title(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("编号,名称\n1,甲\n".encode("utf-8-sig"))
    with open_source(path) as source:
        assert source.columns == ["编号", "名称"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"编号,内容\n1,{SENTENCE}\n".encode("utf-16"), "--encoding utf-16"),
        (f"编号,内容\n1,{SENTENCE}\nabcdefgh,1\n".encode("utf-16-le"), "--encoding utf-16-le"),
        (f"編號,內容\n1,{TRADITIONAL}\n".encode("big5"), "looks like Big5"),
        ("número,descripción\n1,avería eléctrica en el jardín\n".encode("latin-1"), "--encoding"),
        (b"".join([f"1,{SENTENCE}\n".encode(), f"2,{SENTENCE}\n".encode("gbk")] * 20), "mix encodings"),
        (bytes(range(128, 256)) * 8, "neither UTF-8 nor GB18030"),
    ],
)
def test_other_encodings_are_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        encoding_of(data, tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "big5", "gbk", "utf-8"])
def test_a_declared_encoding_is_used(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("編號,內容\n1,發生爭執\n".encode(encoding))
    with open_source(path, encoding=encoding) as source:
        assert source.columns == ["編號", "內容"]
        assert next(source.chunks()).iloc[0].tolist() == ["1", "發生爭執"]


def test_an_unknown_or_wrong_declared_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="gb18030"):
        declared(opener(b"a"), "gb18300", "t")
    with pytest.raises(InputError, match="no encoding 'rot13'"):
        declared(opener(b"a"), "rot13", "t")
    with pytest.raises(InputError, match="not ascii throughout"):
        declared(opener("é".encode()), "ascii", "t")
