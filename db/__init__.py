"""What do we know? Schema, migrations, every read and every write of the PostGIS record."""
