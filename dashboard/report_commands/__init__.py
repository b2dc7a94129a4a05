"""The commands under `manage.py report`."""
