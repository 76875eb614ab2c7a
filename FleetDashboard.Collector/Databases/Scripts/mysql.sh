client mariadb mysql
user=root password=
if value MARIADB_ROOT_PASSWORD || value MYSQL_ROOT_PASSWORD; then
    password=$value
elif value MARIADB_PASSWORD || value MYSQL_PASSWORD; then
    password=$value
    if value MARIADB_USER || value MYSQL_USER; then user=$value; fi
fi
case $user in *[!A-Za-z0-9_.@-]*) exit 84 ;; esac
export MYSQL_PWD="$password"
unset MYSQL_HOST
# Each server ignores the comments for other versions. Without the last one, MySQL 8 reports sizes that are up to a day old.
guarded "$client" --defaults-extra-file=/dev/fd/3 --protocol=socket --connect-timeout=5 --skip-column-names --batch --skip-auto-rehash -e "
/*!50708 set session max_execution_time = ${limit}000 */;
/*M!100101 set session max_statement_time = ${limit} */;
/*!80000 set session information_schema_stats_expiry = 0 */;
select coalesce(sum(data_length + index_length), 0), schema_name
from information_schema.schemata left join information_schema.tables on table_schema = schema_name
where schema_name not in ('information_schema', 'performance_schema', 'mysql', 'sys') group by schema_name" 3<<END
[client]
user="$user"
END
