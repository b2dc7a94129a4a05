"""Names of the made-up city: word lists for areas, roads and people; any likeness to a real place is chance."""

import numpy as np

CITY = ("9902", "沧澜市（虚构）")
DISTRICT = ("990201", "澜湾区（虚构）")
COMMUNITIES = {
    "望潮街道": ["观潮", "石阶里", "老盐仓", "钟楼", "船坊", "望角"],
    "银沙街道": ["苇岸", "银沙", "渔灯", "锦澜"],
    "北屏街道": ["屏山", "茶坡", "溪桥"],
    "听涛街道": ["槐荫", "鹿鸣", "听涛", "斜街"],
    "新港街道": ["锚地", "云帆", "新港"],
    "珊瑚街道": ["北涧", "学海", "望海岭", "珊瑚"],
}
STATIONS = {  # station -> its streets
    "望潮派出所": ["望潮街道"],
    "银沙派出所": ["银沙街道", "北屏街道"],
    "听涛派出所": ["听涛街道"],
    "新港派出所": ["新港街道", "珊瑚街道"],
}
ROAD_HEADS = "松柏桐枫榆槐桂竹梅兰荷菱芦苇鸥鹭雁鹤鲸贝珠琼瑶晴岚霞虹朗澄清泓润沁汐溪泉岩磐石屿礁帆桅舵缆橹舟渡津埠仓盐"
ROAD_TAILS = "宁安平和康泰兴隆昌盛园庭阳明光辉荣华林峰岭台"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN_FIRST = "建志海文晓雅思嘉子明国春秋玉宏振立永德家天向"
GIVEN_LAST = "平军伟强华丽敏静芳燕勇杰涛磊洋艳娜秀刚峰林宁晨雨桐航"


def road_names(count: int, kind: str, rng: np.random.Generator) -> list[str]:
    """That many different names of streets; `kind` is 路, 街 or 巷."""
    heads, tails = np.array(list(ROAD_HEADS)), np.array(list(ROAD_TAILS))
    pick = rng.permutation(len(heads) * len(tails))[:count]
    return [f"{heads[i // len(tails)]}{tails[i % len(tails)]}{kind}" for i in pick]


def people_names(count: int, rng: np.random.Generator) -> list[str]:
    """Common surnames with common given characters, drawn at random: obviously nobody in particular."""
    surname = np.array(list(SURNAMES))[rng.integers(0, len(SURNAMES), count)]
    first = np.array(list(GIVEN_FIRST))[rng.integers(0, len(GIVEN_FIRST), count)]
    last = np.array(list(GIVEN_LAST))[rng.integers(0, len(GIVEN_LAST), count)]
    two = rng.random(count) < 0.8
    return [s + (f if t else "") + n for s, f, n, t in zip(surname, first, last, two, strict=True)]


def phone_numbers(count: int, rng: np.random.Generator) -> list[str]:
    """Numbers of a range that no operator gives out: 1990000 and four digits."""
    return [f"1990000{n:04d}" for n in rng.integers(0, 10_000, count)]
