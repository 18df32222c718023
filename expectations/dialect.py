"""DuckDB as Great Expectations can use it: PostgreSQL's SQLAlchemy dialect over a minimal DBAPI of our own.

Belongs here: the shim (connection, cursor), reflection, and the few places where PostgreSQL's SQL means something else
in DuckDB. Does not: expectations, suites, results.

Why not duckdb-engine: Great Expectations fetches after it has given its connection back; there the pool's rollback kills
the result (`IndexError` on every metric). Here every DBAPI cursor is a DuckDB cursor of its own, and rollback is a no-op,
so a result outlives the connection that asked. The database is opened read-only: begin, commit and rollback mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGTypeCompiler
from sqlalchemy.pool import StaticPool

DRIVER = "postgresql.fishpond_duckdb"
IN_MEMORY = ":memory:"
FETCH_SIZE = 500
TYPES: dict[str, type[sa.types.TypeEngine]] = {
    "BIGINT": sa.BigInteger, "INTEGER": sa.Integer, "SMALLINT": sa.SmallInteger, "HUGEINT": sa.Numeric, "DECIMAL": sa.Numeric,
    "DOUBLE": sa.Double, "FLOAT": sa.Float, "VARCHAR": sa.Text, "BOOLEAN": sa.Boolean, "DATE": sa.Date, "TIMESTAMP": sa.TIMESTAMP,
}


class Cursor:
    """A DBAPI cursor that is a DuckDB connection of its own on the same database; rows are fetched when asked for."""

    arraysize = 1
    rowcount = -1

    def __init__(self, owner: Connection) -> None:
        self._owner = owner
        self._duck: duckdb.DuckDBPyConnection | None = None

    @property
    def description(self) -> list[tuple] | None:
        return self._duck.description if self._duck is not None else None

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        self.close()
        self._duck = self._owner.open_cursor()
        self._duck.execute(statement, list(parameters))
        return self

    def fetchone(self) -> tuple | None:
        return self._duck.fetchone() if self._duck is not None else None

    def fetchmany(self, size: int = FETCH_SIZE) -> list[tuple]:
        return self._duck.fetchmany(size) if self._duck is not None else []

    def fetchall(self) -> list[tuple]:
        return self._duck.fetchall() if self._duck is not None else []

    def close(self) -> None:
        if self._duck is not None:
            self._owner.close_cursor(self._duck)
            self._duck = None


class Connection:
    """A DBAPI connection that knows its open cursors, so that closing it gives the file's lock back at once."""

    def __init__(self, database: str) -> None:
        self._root = open_database(database)
        self._open: list[duckdb.DuckDBPyConnection] = []
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_progress_bar"):
            self._root.execute(f"set {setting} = false")

    def open_cursor(self) -> duckdb.DuckDBPyConnection:
        self._open.append(self._root.cursor())
        return self._open[-1]

    def close_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        cursor.close()
        self._open = [other for other in self._open if other is not cursor]

    def cursor(self) -> Cursor:
        return Cursor(self)

    def commit(self) -> None:
        """Nothing to commit: the database is read-only."""

    def rollback(self) -> None:
        """Nothing to roll back, and results that are still being read must live on."""

    def close(self) -> None:
        for cursor in self._open:
            cursor.close()
        self._open = []
        self._root.close()


class DBAPI:
    """What SQLAlchemy asks of a DBAPI module (PEP 249); the errors are DuckDB's own."""

    apilevel = "2.0"
    threadsafety = 1
    paramstyle = "qmark"
    Warning = duckdb.Warning
    Error = duckdb.Error
    InterfaceError = duckdb.Error
    DatabaseError = duckdb.DatabaseError
    DataError = duckdb.DataError
    OperationalError = duckdb.OperationalError
    IntegrityError = duckdb.IntegrityError
    InternalError = duckdb.InternalError
    ProgrammingError = duckdb.ProgrammingError
    NotSupportedError = duckdb.NotSupportedError
    connect = staticmethod(Connection)


class Compiler(PGCompiler):
    """PostgreSQL's `~` searches, DuckDB's matches the whole text: spelled as `regexp_matches`, which searches (RE2)."""

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        if operator.opstring not in ("~", "!~"):
            return super().visit_custom_op_binary(element, operator, **kw)
        call = f"regexp_matches({self.process(element.left, **kw)}, {self.process(element.right, **kw)})"
        return call if operator.opstring == "~" else f"not {call}"


class TypeCompiler(PGTypeCompiler):
    """DuckDB's FLOAT has 32 bits and its bare NUMERIC 3 decimals; PostgreSQL's have 64 bits and as many as needed."""

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE"

    def visit_NUMERIC(self, type_: Any, **kw: Any) -> str:
        return super().visit_NUMERIC(type_, **kw) if type_.precision is not None else "DECIMAL(38, 8)"


class DuckDBDialect(PGDialect):
    """Named `postgresql`, so that Great Expectations writes PostgreSQL's SQL, which DuckDB mostly reads."""

    driver = "fishpond_duckdb"
    statement_compiler = Compiler
    type_compiler_cls = TypeCompiler
    default_paramstyle = "qmark"
    supports_statement_cache = False
    supports_server_side_cursors = False
    supports_sane_rowcount = False
    preexecute_autoincrement_sequences = False
    use_insertmanyvalues = False

    @classmethod
    def import_dbapi(cls) -> type[DBAPI]:
        return DBAPI

    @classmethod
    def get_pool_class(cls, url: sa.URL) -> type[sa.Pool]:
        return StaticPool  # one connection per engine, closed by `dispose`

    def create_connect_args(self, url: sa.URL) -> tuple[list[str], dict[str, Any]]:
        return [url.database or IN_MEMORY], {}

    def initialize(self, connection: sa.Connection) -> None:
        self.server_version_info = (15, 0)
        self.default_schema_name = "main"
        self.default_isolation_level = "SERIALIZABLE"

    def on_connect(self) -> None:
        return None

    def get_schema_names(self, connection: sa.Connection, **kw: Any) -> list[str]:
        return [row[0] for row in connection.exec_driver_sql("select distinct schema_name from duckdb_schemas() order by 1")]

    def has_table(self, connection: sa.Connection, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        return bool(self._columns(connection, table_name, schema))

    def get_columns(self, connection: sa.Connection, table_name: str, schema: str | None = None, **kw: Any) -> list[dict]:
        columns = self._columns(connection, table_name, schema)
        if not columns:
            raise sa.exc.NoSuchTableError(f"{schema}.{table_name}" if schema else table_name)
        return [
            {"name": name, "type": TYPES.get(kind.split("(")[0], sa.Text)(), "nullable": True, "default": None}
            for name, kind in columns
        ]

    def get_pk_constraint(self, connection: sa.Connection, table_name: str, schema: str | None = None, **kw: Any) -> dict:
        return {"constrained_columns": [], "name": None}

    def _columns(self, connection: sa.Connection, table_name: str, schema: str | None) -> list[tuple[str, str]]:
        query = """select column_name, data_type from duckdb_columns()
            where database_name = current_database() and schema_name = ? and table_name = ? order by column_index"""
        return [tuple(row) for row in connection.exec_driver_sql(query, (schema or "main", table_name))]


registry.register(DRIVER, __name__, DuckDBDialect.__name__)


_ENGINE: dict[str, str] = {}  # settings of the engines that this process opens


def limit_memory(limit: str) -> None:
    """No engine that is opened here from now on takes more: a size such as `4GB`, or a share of the machine such as `70%`."""
    _ENGINE["memory_limit"] = limit


def open_database(database: Path | str | None) -> duckdb.DuckDBPyConnection:
    """A DuckDB file, read-only; or one in memory, by its name, which all connections of this process share while one is open; or (`None`)
    an empty one."""
    name = _name(database)
    con = duckdb.connect(name, read_only=not name.startswith(IN_MEMORY))
    for setting, value in _ENGINE.items():  # not as its configuration: two of one file in one process would have to be alike
        con.execute(f"set {setting} = '{value}'")
    return con


def database_url(database: Path | str | None) -> str:
    """The SQLAlchemy URL of a database as `open_database` takes it."""
    return sa.URL.create(DRIVER.replace(".", "+"), database=_name(database)).render_as_string()


def _name(database: Path | str | None) -> str:
    return str(database) if database else IN_MEMORY
