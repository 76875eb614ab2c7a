using Xunit;
using YamlDotNet.RepresentationModel;

namespace FleetDashboard.AppHost.Tests;

/// <summary>The files that publishing writes, into a temporary folder, once for all tests.</summary>
public sealed class Published : IAsyncLifetime
{
    public const string SharedSecret = "a-shared-secret-that-must-not-be-in-any-file";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-published-");

    public YamlMappingNode Compose { get; private set; } = default!;

    public string ComposeText { get; private set; } = "";

    /// <summary>The content of all files, as one text.</summary>
    public string Text { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await PublishAsync(_folder);
        ComposeText = await File.ReadAllTextAsync(
            Path.Combine(_folder.FullName, "docker-compose.yaml"),
            TestContext.Current.CancellationToken
        );

        var yaml = new YamlStream();
        yaml.Load(new StringReader(ComposeText));
        Compose = (YamlMappingNode)yaml.Documents[0].RootNode;
        Text = string.Concat(
            _folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(written => File.ReadAllText(written.FullName))
        );
    }

    public static async Task PublishAsync(DirectoryInfo folder)
    {
        string[] arguments =
        [
            "--operation",
            "publish",
            "--step",
            "publish",
            "--output-path",
            folder.FullName,
            $"--Parameters:shared-secret={SharedSecret}",
            $"--Parameters:admin-password={SharedSecret}",
        ];
        await using var app = Model.Build(arguments);
        await app.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    /// <summary>The assignments in <c>.env</c>.</summary>
    public static async Task<Dictionary<string, string>> EnvironmentAsync(DirectoryInfo folder) =>
        (await File.ReadAllLinesAsync(Path.Combine(folder.FullName, ".env"), TestContext.Current.CancellationToken))
            .Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    public Task<Dictionary<string, string>> EnvironmentAsync() => EnvironmentAsync(_folder);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public YamlMappingNode Service(string name) => (YamlMappingNode)Compose["services"][name];

    public static string[] Names(YamlNode node) => [.. ((YamlMappingNode)node).Children.Keys.Select(key => key.ToString())];

    public static string[] Values(YamlNode node) => [.. ((YamlSequenceNode)node).Children.Select(child => child.ToString())];
}
