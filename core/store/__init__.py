"""The operational store: engine, base, sealed columns, migrations."""
