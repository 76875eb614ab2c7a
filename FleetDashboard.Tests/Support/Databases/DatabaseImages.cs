using System.Formats.Tar;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using FleetDashboard.Tests.Support.Lab;

namespace FleetDashboard.Tests.Support.Databases;

/// <summary>
/// Real database servers without a registry: one root file system of Debian packages, created by <c>.ci/images.sh</c>, tagged with the name
/// of each database. The commands do what the entry points of the official images do: they read passwords from the environment or a file,
/// and start with an empty data folder.
/// </summary>
internal static class DatabaseImages
{
    public const string PostgreSql = "postgres:15-fleet-test";
    public const string MariaDb = "mariadb:10-fleet-test";
    public const string Redis = "redis:7-fleet-test";
    public const string Bare = "postgres:0-fleet-test";

    private const string Secret = """secret() { eval "v=\${$1-} f=\${${1}_FILE-}"; [ -z "$f" ] || v=$(cat "$f"); printf %s "$v"; }""";

    /// <summary>
    /// Superuser <c>postgres</c>. <c>$POSTGRES_USER</c> owns <c>billing</c> and may not connect to <c>vault</c>. Passwords are also
    /// required on the socket.
    /// </summary>
    public static readonly string[] RunPostgreSql =
    [
        "sh",
        "-c",
        Secret
            + """

                data=/var/lib/postgres/data run=/var/run/postgresql bin=$(echo /usr/lib/postgresql/*/bin)
                as="setpriv --reuid postgres --regid postgres --clear-groups"
                mkdir -p $data $run && chown -R postgres /var/lib/postgres $run
                $as $bin/initdb --no-sync --username postgres --auth trust -D $data >/dev/null
                $as $bin/postgres --single -D $data postgres >/dev/null <<END
                create role "$POSTGRES_USER" login password '$(secret POSTGRES_PASSWORD)'
                create database billing owner "$POSTGRES_USER"
                create database vault
                revoke connect on database vault from public
                END
                $as $bin/postgres --single -D $data billing >/dev/null <<END
                create table ledger as select n, repeat('x', 200) as text from generate_series(1, 20000) n
                END
                echo "local all all scram-sha-256" >$data/pg_hba.conf
                exec $as $bin/postgres -D $data -c fsync=off -c autovacuum=off
                """,
    ];

    /// <summary><c>root</c> and, if set, <c>$MARIADB_USER</c> with all rights on <c>shop</c>.</summary>
    public static readonly string[] RunMariaDb =
    [
        "sh",
        "-c",
        Secret
            + """

                data=/var/lib/maria
                mkdir -p $data /run/mysqld && chown mysql $data /run/mysqld
                mariadb-install-db --user=mysql --datadir=$data --skip-test-db --auth-root-authentication-method=normal >/dev/null
                {
                    echo "alter user root@localhost identified by '$(secret MARIADB_ROOT_PASSWORD)';"
                    printf '%s\n' "create database shop;" "create database empty;" \
                        "create table shop.item (id int primary key, text varchar(1000));" \
                        "insert into shop.item select seq, repeat('x', 900) from shop.seq_1_to_4000;" "analyze table shop.item;"
                    [ -z "${MARIADB_USER-}" ] || echo "grant all on shop.* to '$MARIADB_USER'@localhost identified by \
                        '$(secret MARIADB_PASSWORD)';"
                } >/tmp/init.sql
                exec mariadbd --user=mysql --datadir=$data --init-file=/tmp/init.sql --skip-networking
                """,
    ];

    /// <summary>Requires <c>$SERVER_PASSWORD</c> if set, or the password in <c>$REDIS_PASSWORD_FILE</c>.</summary>
    public static readonly string[] RunRedis =
    [
        "sh",
        "-c",
        Secret
            + """

                { printf 'save ""\nenable-debug-command yes\n'
                  if [ -n "${SERVER_PASSWORD-}${REDIS_PASSWORD_FILE-}" ]; then
                    echo "requirepass ${SERVER_PASSWORD:-$(secret REDIS_PASSWORD)}"
                  fi; } >/tmp/server.conf
                exec redis-server /tmp/server.conf
                """,
    ];

    /// <summary>
    /// A client that never answers and leaves a child process behind when it is killed, below a first process that reaps no children.
    /// </summary>
    public static readonly string[] RunHanging =
    [
        "sh",
        "-c",
        """
            mkdir -p /usr/local/bin; printf '#!/bin/sh\nsleep 1000\nsleep 1000\n' >/usr/local/bin/psql; chmod +x /usr/local/bin/psql
            exec sleep 86400
            """,
    ];

    /// <summary>Why the database tests cannot run here. Null if they must run.</summary>
    public static string? WhySkipped { get; } =
        EngineFixture.WhySkipped
        ?? (
            Tar is not null || Environment.GetEnvironmentVariable("CI") == "true"
                ? null
                : "Needs the database images of .ci/images.sh: run ./test.sh"
        );

    private static string? Tar => Environment.GetEnvironmentVariable("FLEET_TEST_DATABASES") is { Length: > 0 } path ? path : null;

    public static async Task ImportAsync(DockerClient client, CancellationToken cancellationToken)
    {
        await using var tar = File.OpenRead(
            Tar
                ?? throw new InvalidOperationException(
                    "FLEET_TEST_DATABASES is not set, and with CI=true missing images are a failure: run ./test.sh"
                )
        );
        var (name, tag) = Split(PostgreSql);
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                FromSrc = "-",
                Repo = name,
                Tag = tag,
            },
            tar,
            null,
            new Progress<JSONMessage>(),
            cancellationToken
        );
        foreach (var (image, source) in new[] { (MariaDb, PostgreSql), (Redis, PostgreSql), (Bare, BusyboxImage.Name) })
        {
            (name, tag) = Split(image);
            await client.Images.TagImageAsync(source, new ImageTagParameters { RepositoryName = name, Tag = tag }, cancellationToken);
        }
    }

    /// <summary>Creates and starts a container with a file at <c>/run/secret</c>.</summary>
    public static async Task<string> RunAsync(
        this DockerClient client,
        LabContainer container,
        string runId,
        string? secret,
        CancellationToken cancellationToken
    )
    {
        var id = await client.CreateAsync(container, runId, cancellationToken);
        if (secret is not null)
        {
            using var tar = new MemoryStream();
            await using (var writer = new TarWriter(tar, leaveOpen: true))
            {
                await writer.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, "secret")
                    {
                        Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(secret)),
                    },
                    cancellationToken
                );
            }

            tar.Position = 0;
            await client.Containers.ExtractArchiveToContainerAsync(
                id,
                new CopyToContainerParameters { Path = "/run" },
                tar,
                cancellationToken
            );
        }

        await client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken);
        return id;
    }

    private static (string Name, string Tag) Split(string image) =>
        image.Split(':') is [var name, var tag] ? (name, tag) : throw new FormatException(image);
}
