client mongosh mongo
value MONGO_INITDB_ROOT_USERNAME || value MONGODB_ROOT_USER
export FLEET_USER="$value"
value MONGO_INITDB_ROOT_PASSWORD || value MONGODB_ROOT_PASSWORD
export FLEET_PASSWORD="$value"
guarded "$client" --quiet --norc --nodb --eval '
var get = typeof process === "undefined" ? _getEnv : function (name) { return process.env[name]; };
var admin = new Mongo("mongodb://127.0.0.1:27017/?serverSelectionTimeoutMS=5000").getDB("admin");
if (get("FLEET_USER")) { admin.auth(get("FLEET_USER"), get("FLEET_PASSWORD")); }
var answer = admin.runCommand({ listDatabases: 1 });
if (!answer.ok) { throw new Error(answer.errmsg); }
answer.databases.forEach(function (database) {
    if (database.name !== "admin" && database.name !== "config") {
        print(String(database.sizeOnDisk).replace(/[^0-9]/g, "") + " " + database.name);
    }
});'
