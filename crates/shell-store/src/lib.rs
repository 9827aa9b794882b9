//! Facts in, effects out: SQLite and PostgreSQL behind one thin layer.
