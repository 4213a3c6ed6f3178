#!/bin/sh
# Run once, when the database is made: the role that Stafett serves with. It owns nothing; `stafett database grants`
# gives it what it needs. The password is read by psql itself, so that it stands in no command line.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --no-psqlrc --set ON_ERROR_STOP=1 <<'SQL'
\set app_password `cat /run/secrets/database_app_password`
CREATE ROLE stafett_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
