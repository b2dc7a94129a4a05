"""Who asks: the table of rights by address, the guard around the whole application, sign-in. No Dash here."""
