"""From frames to pictures: functions without state, files or requests."""
