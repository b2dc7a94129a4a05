"""What keeps a screen fresh: a stamp, a pulse that tells of a new one, and one shared picture. No Dash here."""
