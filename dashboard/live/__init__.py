"""What keeps a screen fresh: a version stamp and one shared picture. No Dash here."""
