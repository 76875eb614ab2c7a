# Always the server in this container, over its local socket. A backup job of the same image has another server's address in PGHOST.
unset PGHOST PGHOSTADDR PGSERVICE PGPASSFILE
client psql
value POSTGRES_USER || value POSTGRESQL_USERNAME || value=postgres
export PGUSER="$value"
if value POSTGRES_PASSWORD || value POSTGRESQL_PASSWORD; then export PGPASSWORD="$value"; fi
export PGDATABASE=postgres PGCONNECT_TIMEOUT=5 PGAPPNAME=fleet-dashboard PGCLIENTENCODING=UTF8 PGOPTIONS="-c statement_timeout=${limit}000"
guarded psql -X -q -A -t -w -F ' ' -c "
select coalesce(case when has_database_privilege(oid, 'CONNECT')
         or exists (select from pg_roles role where role.rolname = 'pg_read_all_stats' and pg_has_role(role.oid, 'USAGE'))
       then pg_database_size(oid) end::text, '-'), regexp_replace(datname, '[[:cntrl:]]', '?', 'g')
from pg_database where not datistemplate"
