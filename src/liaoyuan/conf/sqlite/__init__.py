"""Django's SQLite with a queue of writers: they get the database in the order in which they asked (ADR 0043)."""
