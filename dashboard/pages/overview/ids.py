"""Names of the overview's parts."""

from dashboard.components.filter_ids import filter_ids

ADDRESS = "overview-address"

PERIOD = "filter-period"
DATES = "filter-dates"
PLACE_BUTTON = "filter-place-button"
PLACE_SEARCH = "filter-place-search"
PLACE_TREE = "filter-place-tree"
GROUPS_BUTTON = "filter-groups-button"
GROUPS = "filter-groups"
CHANNELS_BUTTON = "filter-channels-button"
CHANNELS = "filter-channels"
POLICY = "filter-policy"
CLEAR = "filter-clear"

MAP = "map"
MAP_NOTE = "map-note"
MAP_SCALE = "map-scale"
MAP_SIZE = "map-size"
MAP_VALUE = "map-value"
MAP_HEAT = "map-heat"
HEAT_KEY = "heat-key"
TRAIL = "map-trail"

TILES = "tiles"
BANNER = "banner"
THROUGH = "through"
PERIOD_TEXT = "period-text"
FILTERS = filter_ids("filter")._replace(period_text=PERIOD_TEXT)

CONTAINMENT = "containment"
WORDING = "wording"

BY = "table-by"
TABLE = "table"
TABLE_NOTE = "table-note"

WORK = "work"
WORK_NOTE = "work-note"
WORK_BY = "work-by"
FAIRNESS = "fairness"

TREND = "trend"
TREND_NOTE = "trend-note"
CLOCK = "clock"
CLOCK_NOTE = "clock-note"
