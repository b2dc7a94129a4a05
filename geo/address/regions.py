"""What stands before the road: province, city, district, street or town, community; each taken off the front.

Names of roads are full of names of places (江苏路, 青岛路, 法华镇路), so each part must end as its kind ends and must
not run on into a road, an estate or a number.
"""

import re
from typing import NamedTuple

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|"
    "陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_CITIES = (
    "青岛|大连|宁波|厦门|深圳|广州|杭州|南京|苏州|武汉|成都|西安|沈阳|哈尔滨|长春|济南|郑州|长沙|福州|合肥|昆明|"
    "石家庄|太原|南昌|南宁|海口|贵阳|兰州|西宁|银川|呼和浩特|乌鲁木齐|拉萨"
)
_NAME = "[^\\W\\d_弄号路巷]"
_PLACE = "[^\\W\\d_弄号路巷区县]"
_DISTRICT_END = (
    "(?:新区|(?<![小社园校街库厂住城片苑院生业发术税游景高一二三四五六七八九十东西南北中])区|(?<=[市江河城湖海])[东西南北中]区"
    "|(?<![一二三四五六七八九十])县(?![前后城中东西南北府衙政]{1,2}[街路巷门]))(?![号期域]|[路街](?:[0-9]|$))"
)
_NOT_A_ROAD = "(?![东西南北中]?[一二三支]?(?:路|街(?!道)|弄|道|村|苑|园|巷|大厦|花园|公路|大道))"

_ANY = re.compile("[省市区县镇乡盟]|街道|居委|村委")
_COUNTRY = re.compile("(?:中国|中华人民共和国)(?=[^\\W\\d_]{2}[省市])")
_PROVINCE = re.compile(
    f"({_PROVINCES})(?:省|市(?![南北中]区|场|民|政)|(?:壮族|维吾尔|回族)?自治区|特别行政区"
    f"|{_NOT_A_ROAD}(?=[^\\W\\d_路街弄巷道村]{{1,5}}(?:市|{_DISTRICT_END})))"
)
_CITY = re.compile(
    f"((?:{_CITIES}))市(?![南北中]区|场|民|政)|({_PLACE}{{2,5}}?)(?<![超城门都夜花菜早集])市"
    "(?![南北中]区|场|民|政|口|集|[东西南北中光一二三四五六七八九十]{0,2}[路街弄道])"
    f"|({_CITIES}){_NOT_A_ROAD}(?=[^\\W\\d_路街弄巷道村]{{1,5}}{_DISTRICT_END})"
)
_DISTRICT = re.compile(f"({_NAME}{{1,7}}?{_DISTRICT_END})")
_STREET = re.compile(
    "([^\\W\\d_弄号巷]{1,9}?街道)(?:办事处)?(?![路弄])|([^\\W\\d_弄号]{1,6}?(?:(?<![古小重城市])镇|(?<![梦水故城家他老同])乡))"
    "(?![路街弄巷苑村坊音间宁中小大东西南北])"
)
_TOWN_BEFORE_SIDE = re.compile(f"({_NAME}{{1,3}}?镇)(?=[中小大东西南北][^\\W\\d_路街弄]+[村宅])")
_ZONE = re.compile(
    f"({_NAME}{{2,6}}?(?:工业园区|工业区|开发区|高新区|度假区|保税区|园区|高科技园))(?=[^\\W\\d_]{{2}})(?!生活)"
)
_COMMUNITY = re.compile(
    "([^\\W\\d_弄号]{1,10}?(?:社区|居民委员会|居委会|居委|居民区|村委会|村民委员会))(?!医|卫生|服务|文化|学校|活动|食堂)"
)


class Regions(NamedTuple):
    """The parts before the road, each "" when the text does not say it, what is left of the text, and the text from
    the street on (`local`)."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    left: str = ""
    local: str = ""


def take_regions(text: str) -> Regions:
    """Take the administrative parts off the front of a normalised address."""
    if not _ANY.search(text):
        return Regions(left=text, local=text)
    country = _COUNTRY.match(text)
    province, left = _taken(_PROVINCE, text[country.end() :] if country else text)
    city, left = _taken(_CITY, left)
    district, left = _taken(_DISTRICT, left)
    local = left
    street, left = _taken(_STREET, left)
    if not street:
        street, left = _taken(_TOWN_BEFORE_SIDE, left)
    if not street:
        street, left = _taken(_ZONE, left)
    community, left = _taken(_COMMUNITY, left)
    return Regions(province, city, district, street, community, left, local)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    if not found:
        return "", text
    return next(filter(None, found.groups())), text[found.end() :]
