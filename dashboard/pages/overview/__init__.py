"""The analyst's page: every figure under one set of filters."""
