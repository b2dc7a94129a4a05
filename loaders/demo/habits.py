"""What is reported through which channel, and at which kind of door: weights, not facts."""

CHANNELS = {  # channel -> (share of the matters, {category group: weight})
    "110": (0.615, {"刑事案件": 8, "治安案件": 13, "交通警情": 19, "涉险救援": 4, "群众求助": 16, "矛盾纠纷": 19,
                    "举报投诉": 9, "无效警情": 9, "邻里关系": 2, "消费维权": 1, "婚姻家庭": 1}),
    "12345": (0.140, {"物业管理": 22, "消费维权": 19, "环境噪声": 14, "房屋宅基": 7, "劳动争议": 10, "交通出行": 6,
                      "教育培训": 4, "医疗卫生": 3, "邻里关系": 7, "举报投诉": 5, "征迁补偿": 2, "涉海渔业": 1}),
    "myt110": (0.030, {"举报投诉": 40, "交通警情": 25, "群众求助": 20, "矛盾纠纷": 15}),
    "nuansu": (0.022, {"物业管理": 35, "房屋宅基": 15, "环境噪声": 20, "消费维权": 15, "教育培训": 8, "医疗卫生": 7}),
    "mediation": (0.030, {"婚姻家庭": 26, "邻里关系": 22, "合同债务": 20, "劳动争议": 14, "房屋宅基": 10,
                          "医疗卫生": 3, "涉海渔业": 5}),
    "petition": (0.012, {"征迁补偿": 34, "劳动争议": 24, "房屋宅基": 20, "物业管理": 12, "合同债务": 10}),
    "window": (0.020, {"婚姻家庭": 20, "合同债务": 25, "劳动争议": 20, "群众求助": 20, "房屋宅基": 15}),
    "patrol": (0.035, {"治安案件": 22, "矛盾纠纷": 24, "举报投诉": 20, "邻里关系": 18, "涉险救援": 6, "环境噪声": 10}),
    "gridapp": (0.070, {"邻里关系": 28, "物业管理": 20, "婚姻家庭": 12, "环境噪声": 12, "房屋宅基": 8,
                        "消费维权": 8, "群众求助": 12}),
    "qr": (0.018, {"物业管理": 34, "邻里关系": 30, "举报投诉": 20, "环境噪声": 16}),
    "sensor": (0.008, {"涉险救援": 70, "举报投诉": 30}),
}  # fmt: skip
POLICE_CHANNELS = ("110", "myt110", "patrol", "sensor")
SILENT_CHANNELS = ("patrol", "sensor", "gridapp")  # nobody outside reported: no name, no phone
PREFIXES = {"110": "JQ", "12345": "RX", "myt110": "MY", "nuansu": "NS", "mediation": "MT", "petition": "XF",
            "window": "CK", "patrol": "XL", "gridapp": "WG", "qr": "MP", "sensor": "GZ"}  # fmt: skip
AT_HOME = {"home": 1.0, "estate": 2.0, "campus": 0.2}
AFFINITY = {  # group -> {use of the door: factor}; a use that is not named counts 1, under HOME_ONLY 0
    "刑事案件": {"shop": 2.0, "mall": 3.0, "market": 3.0, "rail": 3.0, "bar": 2.0},
    "治安案件": {"bar": 6.0, "market": 2.0, "home": 0.7},
    "交通警情": {"shop": 2.0, "rail": 4.0, "home": 0.5, "market": 2.0, "hospital": 2.0},
    "涉险救援": {"beach": 30.0, "park": 9.0, "port": 6.0},
    "举报投诉": {"bar": 4.0, "home": 1.2, "park": 3.0},
    "物业管理": {"home": 1.0, "estate": 9.0, "shop": 0.05},
    "消费维权": {"mall": 7.0, "shop": 3.0, "market": 5.0, "bar": 1.5, "home": 0.15, "estate": 0.1},
    "医疗卫生": {"hospital": 60.0, "home": 0.1, "bar": 0.0},
    "教育培训": {"campus": 15.0, "home": 0.3, "bar": 0.0},
    "涉海渔业": {"port": 60.0, "market": 4.0, "beach": 9.0, "home": 0.2},
    "劳动争议": {"works": 14.0, "port": 10.0, "shop": 2.0, "home": 0.3, "bar": 1.5},
    "环境噪声": {"bar": 4.0, "works": 6.0, "stadium": 4.0},
    "矛盾纠纷": {"bar": 2.0, "market": 3.0, "estate": 1.6},
}  # fmt: skip
HOME_ONLY = {"婚姻家庭", "邻里关系", "物业管理"}
SEVERITY_SHARE = {1: 1.0, 2: 0.42, 3: 0.16}  # graver types of a group are rarer
