using Docker.DotNet;
using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Tests.Support.Lab;
using Xunit;

namespace FleetDashboard.Tests.Engine;

/// <summary>Rebuilds by a real engine's builder, configured in the metadata file and in a Compose file, through the API.</summary>
public sealed class RebuildTests(EngineFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EngineFact]
    public async Task Compose_DefinesABuild_ImageIsBuiltAndTheContainerRunsIt()
    {
        await using var lab = await RebuildLab.StartAsync(fixture, "built-compose");
        lab.Write(
            "compose.yaml",
            """
            services:
              web:
                build: { context: ./src, dockerfile: docker/Web, args: { TEXT: "a $$1" }, target: last }
            """
        );
        lab.Write(
            "src/docker/Web",
            $"FROM {BusyboxImage.Name} AS first\nARG TEXT\nRUN echo \"$TEXT\" > /text\n"
                + "COPY . /src\nCMD [\"sleep\", \"3600\"]\nFROM first AS last\nFROM scratch AS unwanted\n"
        );
        lab.Write("src/kept.txt", "kept");
        lab.Write("src/secret.key", "secret");
        lab.Write("src/.dockerignore", "# nothing secret\n*.key\ndocker\n");

        var (job, lines) = await lab.RebuildAsync();

        Assert.True(job.Outcome == JobStates.Succeeded, job.Message);
        Assert.Equal(
            "a $1|/src/kept.txt",
            await lab.ExecAsync("echo \"$(cat /text)|$(ls /src/*.txt /src/*.key /src/docker/* 2>/dev/null)\"")
        );
        Assert.Contains(lines, line => line.Text.StartsWith("Step 1/", StringComparison.Ordinal));
        Assert.NotEqual(job.Results[0].ImageBefore, job.Results[0].ImageAfter);
    }

    [EngineFact]
    public async Task Build_Fails_ContainerIsNotTouched()
    {
        await using var lab = await RebuildLab.StartAsync(fixture, "built-broken");
        lab.Write("compose.yaml", "services: { web: { build: . } }");
        lab.Write("Dockerfile", $"FROM {BusyboxImage.Name}\nRUN echo before; exit 7\n");
        var before = (await fixture.InspectAsync(lab.Name, Cancelled)).State!.StartedAt;

        var (job, lines) = await lab.RebuildAsync();

        Assert.Equal(JobStates.Failed, job.Outcome);
        Assert.Contains("returned a non-zero code: 7. The container was not touched.", job.Message, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Text == "before");
        Assert.Equal(before, (await fixture.InspectAsync(lab.Name, Cancelled)).State!.StartedAt);
    }

    [EngineFact]
    public async Task Context_LeadsOutThroughALink_IsRefused()
    {
        await using var lab = await RebuildLab.StartAsync(fixture, "built-escape");
        lab.Write("compose.yaml", "services: { web: { build: ./out } }");
        File.CreateSymbolicLink(Path.Combine(lab.Folder, "out"), "/etc");

        var (job, _) = await lab.RebuildAsync();

        Assert.Equal(JobStates.Failed, job.Outcome);
        Assert.Contains("outside the folders in Actions:BuildRoots", job.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task ComposeFile_OutsideTheRoots_IsNotOpened()
    {
        await using var lab = await RebuildLab.StartAsync(fixture, "built-outside", "/nowhere-at-all");
        lab.Write("compose.yaml", "services: { web: { build: . } }");

        var answer = await Eventually.GetAsync(
            _ => lab.PostAsync(),
            answer => answer.Body.Contains("BuildRoots", StringComparison.Ordinal),
            describe: answer => answer.Body
        );

        Assert.Equal(403, answer.Status);
        Assert.Contains("is outside the folders in Actions:BuildRoots", answer.Body, StringComparison.Ordinal);
    }

    private sealed class RebuildLab : IAsyncDisposable
    {
        private readonly EngineFixture _fixture;
        private readonly DockerClient _docker;
        private string _id = "";

        private RebuildLab(EngineFixture fixture, DockerClient docker, string name) =>
            (_fixture, _docker, Name, Folder) = (
                fixture,
                docker,
                fixture.NameOf(name),
                Directory.CreateTempSubdirectory("fleet-build-").FullName
            );

        public string Name { get; }

        public string Folder { get; }

        private CollectorHost Collector { get; set; } = default!;

        public static async Task<RebuildLab> StartAsync(EngineFixture fixture, string name, string? root = null)
        {
            var lab = new RebuildLab(fixture, await fixture.ClientAsync(Cancelled), name);
            await lab._docker.MakeAsync($"fleet/{name}:1", Cancelled, "CMD [\"sleep\", \"1000\"]");
            lab._id = (
                await lab._docker.Containers.CreateContainerAsync(
                    new()
                    {
                        Name = lab.Name,
                        Image = $"fleet/{name}:1",
                        StopTimeout = TimeSpan.Zero,
                        Labels = new Dictionary<string, string>
                        {
                            [EngineFixture.RunLabel] = fixture.RunId,
                            ["com.docker.compose.project"] = lab.Name,
                            ["com.docker.compose.service"] = "web",
                            ["com.docker.compose.project.working_dir"] = lab.Folder,
                            ["com.docker.compose.project.config_files"] = $"{lab.Folder}/compose.yaml",
                        },
                    },
                    Cancelled
                )
            ).ID;
            await lab._docker.Containers.StartContainerAsync(lab._id, new(), Cancelled);
            lab.Collector = await CollectorHost.StartAsync(fixture.Endpoint, Cancelled, $"--Actions:BuildRoots:0={root ?? lab.Folder}");
            return lab;
        }

        public void Write(string name, string text)
        {
            var path = Path.Combine(Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        public Task<Answer> PostAsync() => Collector.PostAsync($"/api/v1/containers/{_id}/rebuild", Cancelled);

        public async Task<(Job Job, IReadOnlyList<JobLine> Lines)> RebuildAsync()
        {
            var accepted = await Eventually.GetAsync(_ => PostAsync(), answer => answer.Status == 202, describe: answer => answer.Body);
            return await Collector.EndOfAsync(accepted.Job, Cancelled);
        }

        public Task<string> ExecAsync(string command) => _docker.ShellAsync(Name, command, Cancelled);

        public async ValueTask DisposeAsync()
        {
            await Collector.DisposeAsync();
            await _docker.Containers.RemoveContainerAsync(Name, new() { Force = true }, CancellationToken.None);
            Directory.Delete(Folder, recursive: true);
        }
    }
}
