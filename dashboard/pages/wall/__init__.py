"""The full-screen page that nobody touches."""
