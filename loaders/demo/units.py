"""Stations, street centres, rooms, courts, departments and industry bodies of the demo city."""

import numpy as np
import pandas as pd

from loaders.demo.atlas import DRAWN_ON, MAP_SEED, Atlas
from loaders.demo.catalogue import departments, make_catalogue
from loaders.demo.names import CITY, DISTRICT, phone_numbers

INDUSTRY = {
    "区物业服务行业协会": "物业管理", "区餐饮与夜间经济协会": "环境噪声", "区渔业合作总社": "涉海渔业",
    "区个体工商联合会": "消费维权", "区装饰装修行业协会": "合同债务",
    "区校外培训行业协会": "教育培训",
    "区出租车与网约车协会": "交通出行",
    "区建筑业联合会": "劳动争议", "区房屋经纪行业协会": "房屋宅基",
}  # fmt: skip
COLUMNS = ["code", "name", "level", "kind", "area", "lead_for"]


def make_units(atlas: Atlas, doors: pd.DataFrame) -> pd.DataFrame:
    """One row a unit: COLUMNS, lon, lat, phone, valid_from; street-rank units have level street."""
    rows = [*_stations(atlas), *_street_units(atlas), *_district_units()]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    rng = np.random.default_rng([MAP_SEED, 5])
    seats = doors.iloc[[_seat(atlas, doors, area, rng) for area in frame["area"]]]
    places = {"lon": seats["lon"].to_numpy(), "lat": seats["lat"].to_numpy()}
    return frame.assign(**places, phone=phone_numbers(len(frame), rng), valid_from=DRAWN_ON)


def department_codes() -> dict[str, str]:
    """Unit code of every lead department, by its name."""
    return {name: f"BM{i:02d}" for i, name in enumerate(departments(), 1)}


def _stations(atlas: Atlas) -> list[tuple[object, ...]]:
    first_street = atlas.streets.groupby("station_no")["code"].first()
    frame = atlas.stations
    return [
        (c, n, "street", "station", first_street[i], None)
        for i, (c, n) in enumerate(zip(frame["code"], frame["name"], strict=True))
    ]


def _street_units(atlas: Atlas) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for i, (code, name) in enumerate(zip(atlas.streets["code"], atlas.streets["name"], strict=True), 1):
        rows.append((f"ZX{i}", f"{name}综治中心", "street", "street_centre", code, None))
        rows.append((f"TJ{i}", f"{name}联合调解室", "street", "mediation_room", code, None))
    for i, (code, name) in enumerate(zip(atlas.communities["code"], atlas.communities["name"], strict=True), 1):
        rows.append((f"SQ{i:02d}", f"{name}调解室", "community", "mediation_room", code, None))
    rows.append(("FT1", "望潮人民法庭", "street", "court", atlas.streets["code"][0], None))
    rows.append(("FT2", "新港人民法庭", "street", "court", atlas.streets["code"][4], None))
    return rows


def _district_units() -> list[tuple[object, ...]]:
    catalogue = make_catalogue()
    leads = catalogue.groupby("lead_department", sort=False)["group"].unique()
    rows: list[tuple[object, ...]] = [
        (code, name, "district", "department", DISTRICT[0], ";".join(leads[name]))
        for name, code in department_codes().items()
    ]
    rows += [
        (f"HY{i:02d}", name, "district", "industry", DISTRICT[0], group)
        for i, (name, group) in enumerate(INDUSTRY.items(), 1)
    ]
    rows.append(("SJ01", "市联席会议办公室", "city", "department", CITY[0], None))
    return rows


def _seat(atlas: Atlas, doors: pd.DataFrame, area: str, rng: np.random.Generator) -> int:
    """Some shop front inside the area."""
    inside = atlas.cells["code"].str.startswith(area).to_numpy()[doors["cell"]] & (doors["use"] == "shop").to_numpy()
    return int(rng.choice(np.flatnonzero(inside)))
