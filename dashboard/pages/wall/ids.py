"""Names of the wall's parts."""

TICK = "wall-tick"
STAMP = "wall-stamp"
CONNECTION = "wall-connection"
CLOCK = "wall-clock"
ALARM = "wall-alarm"
MAP = "wall-map"
HEAT_KEY = "wall-heat-key"
MAP_SCALE = "wall-map-scale"
MAP_SIZE = "wall-map-size"
NUMBERS = "wall-numbers"
CONTAINMENT = "wall-containment"
WORK = "wall-work"
FEED = "wall-feed"
FRESHNESS = "wall-freshness"
EVERY_MS = 5_000
EVERY_SECOND_MS = 1_000
SECOND = "wall-second"
