#!/bin/sh
# The image's entry point runs this once, while the data directory is still new, over the unix
# socket. Temporal keeps its tables apart from the application's.
set -e

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
SELECT 'CREATE DATABASE temporal'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'temporal')
\gexec
SQL
