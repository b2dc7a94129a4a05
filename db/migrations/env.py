"""Alembic's entry: migrations run on the connection that db.migrate hands over, inside its transaction."""

from alembic import context

from db.tables import Base


def include(name, type_, _parent_names):
    """Leave PostGIS's own tables alone."""
    return type_ != "table" or name in Base.metadata.tables


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=include,
    transactional_ddl=True,
)
context.run_migrations()
