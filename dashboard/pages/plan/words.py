"""What the planner's scripts say, in the reader's language. Longer than other files: words."""

from dashboard.language import Say, one_of
from grids.planning.life import STATE_NAMES, STEPS

Words = dict[str, str]


def words(say: Say, lang: str) -> Words:
    """Every word of assets/plan by its name there."""
    return {**_work(say), **_notes(say), **_figures(say), **_life(say, lang), **_help(say)}


def _work(say: Say) -> Words:
    return {
        "saved": say("已保存 · 第{n}步"),
        "saving": say("正在保存…"),
        "offline": say("连不上服务器，正在重试；尚未保存 {n} 步"),
        "target": say("目标警格"),
        "no_target": say("点右侧警格，或按 T 后点地图，选定目标警格"),
        "pick_target": say("点一个警格作为目标"),
        "selected": say("已选 {n} 个网格"),
        "assign": say("划入 {beat}"),
        "lock": say("锁定"),
        "unlock": say("解锁"),
        "clear": say("取消"),
        "locked_left": say("{n} 个网格已锁定，未改动"),
        "scope_left": say("{n} 个网格不在限定范围内，未改动"),
        "problem_of": say("问题 {i}/{n}"),
        "no_problem": say("没有违反规则"),
        "unstaffed": say("无人任职"),
        "cells_n": say("{n} 格"),
        "before": say("调整前"),
        "after": say("调整后"),
        "moved_by": say("{by} 刚刚改动了方案，已更新"),
        "reloaded": say("方案已更新为最新"),
        "everywhere": say("全部网格"),
        "only_community": say("仅 {name}"),
        "only_beat": say("仅 {name} 的网格"),
        "communities": say("按社区"),
        "beats": say("按警格"),
        "lock_beat": say("锁定此警格"),
        "unlock_beat": say("解锁此警格"),
        "fair_line": say("均值"),
        "stroke": say("{n} 格 → {beat}"),
        "step_lock": say("锁定 {what}"),
        "step_unlock": say("解锁 {what}"),
        "step_undo": say("撤销第{n}步"),
        "step_redo": say("重做第{n}步"),
        "undone": say("已撤销"),
        "comment": say("写一条意见"),
        "comment_cell": say("对此网格写一条意见"),
        "send": say("发表意见"),
        "began": say("开始编制"),
        "said": say("意见"),
        "no_edits": say("还没有改动：选定目标警格后在地图上涂抹"),
    }


def _notes(say: Say) -> Words:
    return {
        "search_run": say("开始计算"),
        "search_stop": say("停止并用现有最好结果"),
        "searching": say("正在算第 {i}/{n} 点：至多调 {moves} 格"),
        "search_stopped": say("已提前停止：以下为现有最好结果"),
        "search_done": say("点一个点预览，再应用到方案"),
        "search_stale": say("计算之后方案又有改动；各点均从现行警格算起"),
        "front_x": say("调整的网格数"),
        "front_y": say("负荷差异（变异系数）"),
        "bound": say("下限"),
        "no_less": say("不可能低于 {n}"),
        "now_here": say("当前方案"),
        "preview": say("预览：调 {n} 格"),
        "take": say("应用到方案"),
        "leave": say("放弃预览"),
        "cell": say("网格"),
        "no_cell": say("用选择工具点一个网格，看它为何在此"),
        "why": say("为什么在这里"),
        "barred": say("不能划入"),
        "loads_of": say("负荷"),
        "compare_with": say("与哪个方案比较"),
        "no_other": say("没有别的方案可比"),
        "differ": say("{n} 个网格不同"),
        "today": say("现行"),
        "end_compare": say("结束比较"),
        "nothing_differs": say("两个方案相同"),
        "imported": say("已导入：{moved} 格调整，{same} 格不变"),
        "rejected": say("第{line}行：{reason}"),
        "file_form": say("请选 XLSX、CSV 或 GPKG 文件"),
        "first_plan": say("生成首个方案"),
        "first_hint": say("这些网格还没有划分警格，可先由系统按工作量划分"),
        "lead_hint": say("增设一名警格长后，最大负荷由 {before} 降到 {after}"),
        "leads": say("在哪里增设警格长最有用"),
        "failed": say("没有完成：{why}"),
        "unreadable": say("读不到方案：{why}"),
        "again": say("重试"),
        "empty_list": say("还没有调整方案"),
        "all_city": say("全市"),
    }


def _figures(say: Say) -> Words:
    return {
        "max_over_mean": say("最大÷平均负荷"),
        "cv": say("负荷变异系数"),
        "unstaffed_beats": say("无人警格"),
        "pieces": say("不连片警格"),
        "compactness": say("紧凑度（平均）"),
        "cut_m": say("警格边界（公里）"),
        "diameter_m": say("最大跨度（米）"),
        "travel_minutes": say("平均路程（分钟）"),
        "moved": say("调整的网格"),
        "demand": say("随之转移的工作量（小时）"),
        "residents": say("换警格的居民"),
        "households": say("换警格的户数"),
        "key_places": say("换警格的重点场所"),
        "open_matters": say("移交的在办事项"),
        "revisits_due": say("移交的待回访"),
        "ties": say("换警格的专职人员"),
        "containment": say("过去一年按此方案的化解率"),
        "next_quarter": say("下季度最忙警格（小时）"),
        "interval": say("80% 区间 {low}–{high}"),
        "balance": say("均衡"),
        "few_moves": say("少调整"),
        "compact": say("紧凑"),
        "travel": say("少走路"),
        "brings": say("带来"),
        "costs": say("代价"),
        "demand_hours": say("一年工作量（小时）"),
        "of_residents": say("居民"),
        "of_households": say("户数"),
        "of_key_places": say("重点场所"),
        "of_open_matters": say("在办事项"),
        "of_revisits_due": say("待回访"),
    }


def _life(say: Say, lang: str) -> Words:
    steps = {f"do_{code}": one_of(lang, step.name.zh, step.name.en.capitalize()) for code, step in STEPS.items()}
    states = {f"state_{code}": one_of(lang, name.zh, name.en) for code, name in STATE_NAMES.items()}
    return steps | states | {
        "do_roll_back": say("回退"),
        "do_compare": say("比较方案"),
        "files": say("文件"),
        "print": say("打印方案"),
        "export": say("导出分配表"),
        "import": say("导入分配表"),
        "note": say("附言"),
        "publish_on": say("从哪一天起生效"),
        "confirm": say("确定"),
        "cancel": say("返回"),
        "holds_from": say("自 {day} 起生效"),
        "published": say("已发布，相关警格已收到通知"),
        "handover": say("交接清单"),
        "rolled_back": say("已生成回退方案 {code}，审批后生效"),
        "refresh": say("按现行警格更新"),
        "collides": say("编制期间现行警格有变：{what}"),
        "other_plans": say("方案 {code} 也调整了这些网格：{cells}"),
        "withdraw_sure": say("撤回后此方案不能再编辑。"),
        "rules_first": say("还有 {n} 处违反规则，改好后才能提交"),
    }  # fmt: skip


def _help(say: Say) -> Words:
    return {
        "keys": say("快捷键"),
        "key_v": say("选择"),
        "key_b": say("画笔"),
        "key_l": say("套索"),
        "key_r": say("框选"),
        "key_t": say("在地图上取目标警格"),
        "key_space": say("按住拖动地图"),
        "key_enter": say("把选中的网格划入目标"),
        "key_brackets": say("上一个、下一个目标警格"),
        "key_n": say("下一个、上一个问题"),
        "key_k": say("锁定或解锁选中的网格"),
        "key_c": say("前后对比"),
        "key_h": say("按住看调整前"),
        "key_z": say("撤销、重做"),
        "key_undo": say("撤销"),
        "key_redo": say("重做"),
        "key_esc": say("取消选择、预览、对比"),
        "key_help": say("显示快捷键"),
        "keyboard_map": say("方向键移到相邻网格，空格选中，回车划入目标"),
    }
