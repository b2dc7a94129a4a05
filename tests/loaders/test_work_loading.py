"""Files about people and beats at work through the real loader: bad rows, references, overlaps, loading again."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from db.bulk import frame_of
from db.calendar import calendar
from db.engine import begin
from db.record import Record
from loaders.demo.calendar import SHIPPED
from tests.commands import manage
from tests.factories import middle
from tests.loaders.town import load

LON, LAT = middle(1, 1)


def told(record: Record, folder: Path, kind: str, titles: str, *rows: str) -> tuple[dict[str, int], list[str]]:
    """Counts and rejects of a file with these lines."""
    path = folder / f"{kind}.csv"
    path.write_text("\n".join([titles, *rows]), "utf-8")
    report = load(record, kind, path)
    return report.counts, report.rejects


BAD = {
    "holidays": ("日期,安排,节日", [
        ("2026-13-01,放假,元旦", "is no time that can be read"), ("2026-05-01,半天,劳动节", "is none of off, work"),
        (",放假,元旦", "day is missing"),
    ]),
    "roster": ("警号,班次,开始时间,结束时间", [
        ("P9,白班,2026-04-01 08:00,2026-04-01 17:00", "officer 'P9' is not known"),
        ("P1,白班,2026-04-01 17:00,2026-04-01 08:00", "end does not come after start"),
        ("P1,中班,2026-04-01 08:00,2026-04-01 17:00", "is none of day, night, standby"),
        ("P1,白班,2026-04-01 08:00,2027-04-01 17:00", "lasts longer than 31 days"),
        ("P1,白班,2026-03-02 16:00,2026-03-02 20:00", "is on duty already from 2026-03-02 08:00 to 2026-03-02 17:00"),
        ("P1,,2026-04-01 08:00,", "end is missing"),
    ]),
    "absences": ("人员编号,请假类型,请假开始,请假结束,代班人", [
        ("P1,病假,2026-05-01 08:00,2026-05-02 08:00,P1", "cover is the officer who is away"),
        ("P1,病假,2026-05-01 08:00,2026-05-02 08:00,P9", "cover 'P9' is not known"),
        ("P1,蜜月,2026-05-01 08:00,2026-05-02 08:00,", "is none of leave, sick, training, other"),
        ("P1,病假,2026-03-06 08:00,2026-03-08 08:00,", "is away already"),
    ]),
    "visits": ("来源,走访编号,走访时间,警号,网格编号,走访类型,走访次数,事项编号", [
        ("走访,X1,2026-03-01 09:00,P9,,入户,,", "officer 'P9' is not known"),
        ("走访,X2,2026-03-01 09:00,P1,G99,入户,,", "cell 'G99' is not known"),
        ("走访,X3,2226-03-01 09:00,P1,G00,入户,,", "lies in the future"),
        ("走访,X4,2026-03-01 09:00,P1,G00,睡觉,,", "is none of household"),
        ("走访,X5,2026-03-01 09:00,P1,G00,入户,0,", "is not between 1 and 10000"),
        ("走访,X6,2026-03-01 09:00,P1,G00,入户,,J000", "matter is not channel:source_no"),
        ("走访,X7,2026-03-01 09:00,P1,G00,入户,,110:X", "matter '110:X' is not known"),
        ("走访,,2026-03-01 09:00,P1,G00,入户,,", "source_no is missing"),
    ]),
    "registers": ("网格编号,登记类型,统计日期,数量", [
        ("G99,企业,2026-03-01,5", "cell 'G99' is not known"), ("G00,猫,2026-03-01,5", "is none of addresses, people"),
        ("G00,企业,2026-03-01,-5", "is not between 0 and"), ("G00,企业,昨天,5", "is no time that can be read"),
    ]),
    "households": ("网格编号,户数,人口", [
        ("G99,5,", "cell 'G99' is not known"), ("G00,,", "households or residents must be given"),
        ("G00,半,", "is not a number"),
    ]),
    "plates": ("门牌编号,地址,经度,纬度,网格编号", [
        ("M7,路,,,G99", "cell 'G99' is not known"), ("M8,路,,,", "a plate needs lon and lat, or its cell"),
        ("M9,,120,36,", "address is missing"), ("M10,路,120.3,,", "lon is given without lat"),
    ]),
    "meetings": ("会议编号,会议时间,警格编号,研判事项,议定事项", [
        ("H7,2026-03-01 09:00,B9,,", "beat 'B9' is not known"),
        ("H8,2026-03-01 09:00,B1,110:X,", "matter '110:X' is not known"),
        ("H9,2026-03-01 09:00,B1,J000,", "matters are not channel:source_no"),
        ("H10,2026-03-01 09:00,B1,110:J000;110:J001,去", "decisions are not as many as matters"),
    ]),
    "steps": ("channel,source_no,step_no,at,kind,unit,to_unit,detail", [
        ("110,J004,100000,2026-03-09,handle,PS,,", "step_no is kept for steps taken in beatgrid"),
        ("110,J004,1,2026-03-09,divert,PS,XX,", "to_unit 'XX' is not known"),
        ('110,J004,1,2026-03-09,divert,PS,PS,"{""to"": ""XX""}"', "differ: keep one"),
        ("110,J004,1,2026-03-09,handle,PS,,[1]", "is no JSON object"),
        ("110,J004,1,2026-03-09,handle,PS,,{", "is no JSON object"),
        ('110,J004,1,2026-03-09,handle,PS,,"{""a"": NaN}"', "is no JSON object"),
        ('110,J004,1,2026-03-09,handle,PS,,"{""a"": ""\\u0000""}"', "is no JSON object"),
        ('110,J004,1,2026-03-09,whistle,PS,,"{""departments"": [""XX""]}"', "departments in detail 'XX' is not known"),
        ('110,J004,1,2026-03-09,whistle,PS,,"{""report_by"": ""soon""}"', "report_by in detail 'soon' is no time"),
        ('110,J004,1,2026-03-09,close,PS,,"{""satisfaction"": 6}"', "satisfaction in detail 6 is not from 1 to 5"),
        ('110,J004,1,2026-03-09,close,PS,,"{""how"": ""magic""}"', "is none of settled"),
        ('110,J004,1,2026-03-09,tag,PS,,"{""tag"": ""x""}"', "tag in detail 'x' is none of bone"),
        ('110,J004,1,2026-03-09,revisit,PS,,"{""kept"": ""yes""}"', "kept in detail 'yes' is neither true nor false"),
        ('110,J004,1,2026-03-09,mediate,PS,,"{""mediators"": [""P9""]}"', "mediators in detail 'P9' is not known"),
    ]),
}  # fmt: skip
CASES = [(kind, titles, row, said) for kind, (titles, rows) in BAD.items() for row, said in rows]


@pytest.mark.parametrize(("kind", "titles", "row", "said"), CASES, ids=[f"{c[0]} {c[3][:30]}" for c in CASES])
def test_a_bad_row_is_rejected_with_its_reason(
    town: Record, tmp_path: Path, kind: str, titles: str, row: str, said: str
) -> None:
    counts, rejects = told(town, tmp_path, kind, titles, row)
    assert (counts["read"], counts["rejected"]) == (1, 1)
    assert said in rejects[0]


@pytest.mark.parametrize("kind", list(BAD))
def test_good_rows_among_bad_ones_are_taken_and_every_bad_one_is_told(town: Record, tmp_path: Path, kind: str) -> None:
    titles, rows = BAD[kind]
    good = {
        "holidays": "2026-05-01,放假,劳动节", "roster": "P2,夜班,2026-06-01 20:00,2026-06-02 08:00",
        "absences": "P2,培训,2026-06-05 08:00,2026-06-06 08:00,P1",
        "visits": "走访,Y1,2026-03-01 09:00,P1,G00,巡逻,3,110:J000", "registers": "G20,企业,2026-03-05,5",
        "households": "G20,77,", "plates": f"M77,海滨路77号,{LON},{LAT},",
        "meetings": "H77,2026-03-01 09:00,B1,110:J005,", "steps": "110,J005,1,2026-03-09,handle,PS,,",
    }[kind]  # fmt: skip
    counts, _ = told(town, tmp_path, kind, titles, *(row for row, _ in rows), good)
    assert counts["rejected"] == len(rows)
    assert counts["inserted"] + counts["updated"] == 1
    counts, _ = told(town, tmp_path, kind, titles, good)
    assert counts["unchanged"] == 1


def test_a_number_that_stands_twice_in_a_file_with_other_content_is_told(town: Record, tmp_path: Path) -> None:
    titles = "source,source_no,at,officer,cell,kind,count"
    rows = [f"s,Z1,2026-03-01,P1,G00,care,{count}" for count in (1, 1, 2)]
    path = tmp_path / "visits.csv"
    path.write_text("\n".join([titles, *rows]), "utf-8")
    for size in (1, 10):
        report = load(town, "visits", path, chunk_rows=size)
        assert report.counts["rejected"] == 1
        assert report.rejects == ["line 4: the number s:Z1 is already in line 2 with other content"]
    counts, rejects = told(
        town, tmp_path, "roster", "officer,start,end", "P1,2026-07-01,2026-07-02", "P1,2026-07-01,2026-07-03"
    )
    assert counts["rejected"] == 1
    assert "is already in line 2" in rejects[0]


def test_a_day_is_a_day_of_the_city(town: Record, tmp_path: Path) -> None:
    rows = ["2027-01-01,off", "2027/1/2,off", "2027-01-02T20:00:00Z,work", "46388,off"]
    told(town, tmp_path, "holidays", "day,kind", *rows)
    with begin(town.engine, "test") as conn:
        found = conn.execute(text("SELECT day::text, kind FROM holiday WHERE day >= '2027-01-01' ORDER BY 1")).all()
    assert found == [("2027-01-01", "off"), ("2027-01-02", "off"), ("2027-01-03", "work")]


def test_chinese_wordings_of_the_new_steps_are_known(town: Record, tmp_path: Path) -> None:
    words = {
        "核查属实": "verify", "核查不实": "dismiss", "申请定级": "grade_ask", "定级退回": "grade_refuse",
        "移交": "transfer", "上报": "escalate", "分流办结": "divert_done", "首接兜底": "keep", "关爱转介": "refer",
        "例会研判": "meet",
        "标记": "tag", "取消标记": "untag", "司法确认": "confirm",
    }  # fmt: skip
    rows = [f"110,J006,{no},2026-03-09 08:{no:02d},{word},PS" for no, word in enumerate(words, 1)]
    counts, rejects = told(town, tmp_path, "steps", "渠道,警情编号,步骤号,处置时间,环节,处置单位", *rows)
    assert (counts["inserted"], rejects) == (len(words), [])
    with begin(town.engine, "test") as conn:
        found = frame_of(conn, """SELECT s.kind, s.detail FROM step s JOIN incident i ON i.id = s.incident_id
                                  WHERE i.source_no = 'J006' ORDER BY s.no""")  # fmt: skip
    assert found["kind"].tolist() == list(words.values())
    assert dict(zip(found["kind"], found["detail"], strict=True))["keep"] == {"unit": "PS"}


def test_to_unit_and_detail_reach_the_record_and_loading_again_changes_nothing(town: Record, tmp_path: Path) -> None:
    titles = "channel,source_no,step_no,at,kind,unit,to_unit,detail"
    rows = ['110,J007,1,2026-03-09,divert,,PS,"{""reason"": ""主责"", ""a"": 1}"',
            '110,J007,2,2026-03-10,标记,PS,,"{""tag"": ""骨头案""}"']  # fmt: skip
    assert told(town, tmp_path, "steps", titles, *rows)[0]["inserted"] == 2
    assert told(town, tmp_path, "steps", titles, *rows, "")[0]["unchanged"] == 2
    other = rows[0].replace("主责", "次责")
    assert "recorded with other content" in told(town, tmp_path, "steps", titles, other)[1][0]
    with begin(town.engine, "test") as conn:
        found = frame_of(conn, """SELECT s.level, s.detail FROM step s JOIN incident i ON i.id = s.incident_id
                                  WHERE i.source_no = 'J007' ORDER BY s.no""")  # fmt: skip
    assert found["detail"].tolist() == [{"to": "PS", "reason": "主责", "a": 1}, {"tag": "bone"}]
    assert found["level"].tolist() == ["street", "street"]  # that of the unit which is asked, or acts


def test_units_keep_the_day_they_begin_and_find_their_area_by_level_and_code(town: Record, tmp_path: Path) -> None:
    shape = "POLYGON((120.3 36.05,120.32 36.05,120.32 36.07,120.3 36.07,120.3 36.05))"
    told(
        town,
        tmp_path,
        "areas",
        "level,code,name,geometry",
        *(f'{level},K,{level}区,"{shape}"' for level in ("street", "community")),
    )
    titles = "code,name,level,kind,area,valid_from"
    rows = ["U1,室,community,mediation_room,K,2024-05-01", "U2,所,street,court,K,", "U3,局,city,department,D,"]
    assert told(town, tmp_path, "units", titles, *rows)[0]["inserted"] == 3
    assert told(town, tmp_path, "units", titles, *rows, "")[0]["unchanged"] == 3
    assert told(town, tmp_path, "units", titles, rows[0].replace("2024", "2025"))[0]["updated"] == 1
    assert told(town, tmp_path, "units", titles, rows[0].replace("2024-05-01", ""))[0]["unchanged"] == 1
    with begin(town.engine, "test") as conn:
        found = frame_of(conn, """SELECT a.level, lower(u.valid) AS since FROM unit u JOIN area a ON a.id = u.area_id
                                  WHERE u.code LIKE 'U_' ORDER BY u.code""")  # fmt: skip
    assert found["level"].tolist() == ["community", "street", "district"]
    assert found["since"].tolist()[0].isoformat() == "2025-04-30T16:00:00+00:00"


def test_working_hours_of_the_catalogue_are_kept(town: Record, tmp_path: Path) -> None:
    rows = ["K1,甲,24,工作时", "K2,乙,24,自然时", "K3,丙,24,"]
    told(town, tmp_path, "catalogue", "code,name,时限,计时方式", *rows)
    with begin(town.engine, "test") as conn:
        found = conn.execute(text("SELECT deadline_clock FROM category WHERE code LIKE 'K_' ORDER BY code")).scalars()
        assert found.all() == ["working", "clock", "clock"]


def test_the_shipped_holidays_load_by_the_command_and_are_those_of_the_notices(
    record: Record, settings, tmp_path: Path
) -> None:
    paths = sorted(SHIPPED.glob("cn-*.csv"))
    done = manage(settings, "load", "holidays", *paths, "--json")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["inserted"] for line in done.stdout.splitlines()] == [33, 39]
    with begin(record.engine, "test") as conn:
        days = calendar(conn)
        off, work = ({day for day, kind in days.days.items() if kind == wanted} for wanted in ("off", "work"))
    assert (len(off), len(work)) == (28 + 33, 5 + 6)
    assert all(day.weekday() >= 5 for day in work)
    assert {day.isoformat() for day in work if day.year == 2026} == {
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    }  # fmt: skip
