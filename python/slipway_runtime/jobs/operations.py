"""What a migration's operations do to data."""
import re

_DROPS = ('RemoveField', 'DeleteModel')
_DROPPING_SQL = re.compile(r'\b(DROP\s+(TABLE|COLUMN|SCHEMA|DATABASE|VIEW|MATERIALIZED)|TRUNCATE|DELETE\s+FROM)\b', re.IGNORECASE)


def is_destructive(operation):
    """True where applying `operation` loses data: a column or table dropped, or SQL that does as much."""
    if any(kind.__name__ in _DROPS for kind in type(operation).__mro__):
        return True
    inner = getattr(operation, 'database_operations', None)
    if inner is not None:
        return any(is_destructive(each) for each in inner)
    sql = getattr(operation, 'sql', None)
    return sql is not None and bool(_DROPPING_SQL.search(_text(sql)))


def _text(sql):
    if isinstance(sql, (list, tuple)):
        return ' ; '.join(str(part[0] if isinstance(part, (list, tuple)) and part else part) for part in sql)
    return str(sql)
