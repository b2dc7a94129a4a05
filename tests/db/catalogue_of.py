"""What PostgreSQL's own catalogue says of a database: tables, columns, constraints, indexes."""

from sqlalchemy import text

POSTGIS = ("spatial_ref_sys", "geometry_columns", "geography_columns")

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> ALL(:postgis) ORDER BY 1"""
COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname <> ALL(:postgis)"""
CONSTRAINTS = """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND k.contype <> 't' AND c.relname <> ALL(:postgis)"""
INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> ALL(:postgis)"""


def tables(conn):
    """Names of the ordinary tables of the record, Alembic's own included."""
    return list(conn.execute(text(TABLES), {"postgis": list(POSTGIS)}).scalars())


def described(conn):
    """Everything that makes a schema, as a set of tuples, without Alembic's own table."""
    found = set()
    for query in (COLUMNS, CONSTRAINTS, INDEXES):
        found |= {tuple(row) for row in conn.execute(text(query), {"postgis": [*POSTGIS, "alembic_version"]})}
    return found
