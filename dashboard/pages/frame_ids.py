"""Names of the frame's parts, which pages listen to."""

LOCATION = "location"
ROOT = "root"
PROVIDER = "provider"
