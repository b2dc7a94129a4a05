"""Addresses taken apart: a table of made-up ones, and rules that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.address import normalise, parse, sound
from geo.address.numerals import value_of

CASES = [
    # numbers, lanes, buildings
    ("长乐路12号", {"road": "长乐路", "number": 12}),
    ("长乐路12号甲", {"road": "长乐路", "number": 12, "suffix": "甲"}),
    ("长乐路12甲号", {"road": "长乐路", "number": 12, "suffix": "甲"}),
    ("长乐路12-1号", {"road": "长乐路", "number": 12, "suffix": "-1"}),
    ("长乐路12号-1", {"road": "长乐路", "number": 12, "suffix": "-1"}),
    ("长乐路12-16号", {"road": "长乐路", "number": 12, "until": 16}),
    ("长乐路12~16号", {"road": "长乐路", "number": 12, "until": 16}),
    ("长乐路12A号", {"road": "长乐路", "number": 12, "suffix": "A"}),
    ("长乐路12号之三", {"road": "长乐路", "number": 12, "suffix": "-3"}),
    ("长乐路123弄45号", {"road": "长乐路", "lane": 123, "number": 45}),
    ("长乐路123弄6支弄45号", {"road": "长乐路", "lane": 123, "sublane": 6, "number": 45}),
    ("长乐路123弄", {"road": "长乐路", "lane": 123, "number": None}),
    ("长乐路8巷3号", {"road": "长乐路", "lane": 8, "number": 3}),
    ("长乐路123弄4号楼201室", {"road": "长乐路", "lane": 123, "building": "4", "room": "201"}),
    ("长乐路66号2幢3单元401室", {"number": 66, "building": "2", "unit": "3", "room": "401"}),
    ("长乐路66号2栋401", {"number": 66, "building": "2", "room": "401"}),
    ("长乐路66号A座1203室", {"number": 66, "building": "A", "room": "1203"}),
    ("长乐路66号-3-501", {"number": 66, "suffix": "-3", "room": "501"}),
    ("长乐路66#", {"road": "长乐路", "number": 66}),
    ("长乐路66", {"road": "长乐路", "number": 66}),
    ("长乐路6号楼", {"road": "长乐路", "building": "6", "number": None}),
    ("长乐路66号5楼", {"number": 66, "room": "5"}),
    # ways of writing
    ("长乐路１２号", {"road": "长乐路", "number": 12}),
    (" 长乐路 12 号 ", {"road": "长乐路", "number": 12}),
    ("长乐路一百二十三号", {"road": "长乐路", "number": 123}),
    ("长乐路一二三号", {"road": "长乐路", "number": 123}),
    ("长乐路一千零五弄十号", {"road": "长乐路", "lane": 1005, "number": 10}),
    ("長樂路12號", {"road": "长乐路", "number": 12}),
    ("淞滬鐵路12弄", {"road": "淞沪铁路", "lane": 12}),
    ("長寧路（住宅）12號", {"road": "长宁路", "number": 12, "rest": "(住宅)"}),
    ("长乐路12号（东门）", {"road": "长乐路", "number": 12, "rest": "(东门)"}),
    # kinds of road
    ("沪太公路1200号", {"road": "沪太公路", "number": 1200}),
    ("世纪大道88号", {"road": "世纪大道", "number": 88}),
    ("中山北二路9号", {"road": "中山北二路", "number": 9}),
    ("龙华支路9号", {"road": "龙华支路", "number": 9}),
    ("打铁街9号", {"road": "打铁街", "number": 9}),
    ("王家弄9号", {"road": "王家弄", "number": 9}),
    ("金城道99弄", {"road": "金城道", "lane": 99}),
    ("后海胡同3号", {"road": "后海胡同", "number": 3}),
    ("集镇路9号", {"road": "集镇路", "number": 9}),
    ("长乐路", {"road": "长乐路", "number": None}),
    # regions, and roads named after them
    ("江苏路12号", {"province": "", "road": "江苏路", "number": 12}),
    ("上海路12号", {"province": "", "city": "", "road": "上海路"}),
    ("青岛路12号", {"city": "", "road": "青岛路"}),
    ("河南南路12号", {"province": "", "road": "河南南路"}),
    ("四川北路街道", {"province": "", "street": "四川北路街道"}),
    ("都市路12号", {"city": "", "road": "都市路"}),
    ("新市南路12号", {"city": "", "road": "新市南路"}),
    ("山东省青岛市市南区江苏路12号", {"province": "山东", "city": "青岛", "district": "市南区", "road": "江苏路"}),
    ("青岛市江西路12号", {"city": "青岛", "road": "江西路"}),
    ("上海市浦东新区锦绣路12号", {"province": "上海", "district": "浦东新区", "road": "锦绣路"}),
    ("上海浦东新区锦绣路12号", {"province": "上海", "district": "浦东新区", "road": "锦绣路"}),
    ("杨浦区市光路12号", {"district": "杨浦区", "city": "", "road": "市光路"}),
    ("虹口区新市南路12号", {"district": "虹口区", "city": "", "road": "新市南路"}),
    ("静安区23号", {"district": "静安区", "number": 23}),
    ("崇明县前进路1号", {"district": "崇明县", "road": "前进路"}),
    ("县前街5号", {"district": "", "road": "县前街"}),
    ("市北区台东街道威海路社区", {"district": "市北区", "street": "台东街道", "community": "威海路社区", "road": ""}),
    ("西海岸新区辛安街道沂河路社区", {"district": "西海岸新区", "street": "辛安街道", "community": "沂河路社区"}),
    ("黄岛区长江路街道办事处阿里山路9号", {"district": "黄岛区", "street": "长江路街道", "road": "阿里山路"}),
    ("曹杨镇顾家宅", {"street": "曹杨镇", "poi": "顾家宅"}),
    ("法华镇路12弄", {"street": "", "road": "法华镇路", "lane": 12}),
    ("嘉北工业区南苑三村", {"street": "嘉北工业区", "village": "南苑三村"}),
    ("康乐一区3号楼", {"district": "", "poi": "康乐一区", "building": "3"}),
    ("阳光小区3号楼", {"district": "", "poi": "阳光小区", "building": "3"}),
    # villages and estates
    ("沈家村五组", {"village": "沈家村", "group": "5组"}),
    ("大信镇某某村3组12号", {"street": "大信镇", "village": "某某村", "group": "3组", "number": 12}),
    ("双桥村东队顾家宅", {"village": "双桥村", "poi": "东队顾家宅"}),
    ("双桥村五队顾家宅", {"village": "双桥村", "group": "5队", "poi": "顾家宅"}),
    ("蔡路村北宅", {"village": "蔡路村", "road": "", "poi": "北宅"}),
    ("顾村村", {"village": "顾村村"}),
    ("控北七村12号", {"village": "控北七村", "number": 12}),
    ("天天花园3号楼2单元501室", {"poi": "天天花园", "building": "3", "unit": "2", "room": "501"}),
    ("桃园路小区8号", {"road": "", "poi": "桃园路小区", "number": 8}),
    ("人民医院", {"poi": "人民医院"}),
    ("普安路铁路新村34号", {"road": "普安路", "poi": "铁路新村", "number": 34}),
    # crossings and relations
    ("长乐路与东湖路路口", {"road": "长乐路", "crosses": ("东湖路",)}),
    ("长乐路东湖路", {"road": "长乐路", "crosses": ("东湖路",)}),
    ("长乐路、东湖路交叉口东侧", {"crosses": ("东湖路",), "relation": "东侧"}),
    ("长乐路在东湖路与华山路之间", {"crosses": ("东湖路", "华山路"), "relation": "之间"}),
    ("长乐路12号对面", {"number": 12, "relation": "对面"}),
    ("长乐路12号斜对面", {"number": 12, "relation": "斜对面"}),
    ("中心公园附近", {"poi": "中心公园", "relation": "附近"}),
    ("长乐路12号旁边工地", {"number": 12, "relation": "旁边", "rest": "工地"}),
    # nothing
    ("", {"road": "", "poi": "", "number": None}),
    ("12号", {"road": "", "number": 12}),
    ("13800001111", {"road": "", "number": None}),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text or "empty" for text, _ in CASES])
def test_parts_are_found(text, expected):
    found = parse(text)._asdict()
    assert {name: found[name] for name in expected} == expected


def test_the_lane_orders_places_on_the_road_before_the_door():
    assert parse("长乐路123弄45号").place_on_road == 123
    assert parse("长乐路45号").place_on_road == 45


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("二十", 20), ("一百零五", 105), ("一千二百三十四", 1234), ("一二〇", 120), ("两百", 200)],
)
def test_numerals_are_read(numeral, value):
    assert value_of(numeral) == value


@given(st.integers(1, 9999))
def test_every_numeral_is_read_back(value):
    assert value_of(spelled(value)) == value


def spelled(value):
    """The number in Chinese, as people write it."""
    out, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        out += ("零" if gap and digit and out else "") + ("零一二三四五六七八九"[digit] + unit if digit else "")
        gap = digit == 0
    return out


def test_names_that_sound_alike_share_a_key():
    assert sound("国和路") == sound("国合路")
    assert sound("张扬路") == sound("章阳路")
    assert sound("国和路") != sound("国定路")


written = st.text(
    alphabet="长乐路街弄号村镇区市县省一二十百12３４甲-~－（）()与、 #东南在之间組號樓A座室\u200b", max_size=24
) | st.text(max_size=40)


@given(written)
def test_any_text_is_parsed(text):
    address = parse(text)
    assert address.text == normalise(text)


@given(written)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet="长乐路弄号村镇区123４５６789 -、（）甲號", max_size=30))
def test_digits_keep_their_order(text):
    digits = [str(int(letter)) for letter in text if letter.isdigit()]
    assert [letter for letter in normalise(text) if letter.isdigit()] == digits


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "一" * 10_000 + "号", "1" * 10_000, "路" * 10_000, "🏠" * 10_000, "(" * 10_000]
)
def test_endless_texts_are_parsed(text):
    assert parse(text).number is None or parse(text).number < 10**9
