"""The JSON reading API under /api/v1. No Dash here."""
