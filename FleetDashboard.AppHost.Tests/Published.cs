using Xunit;
using YamlDotNet.RepresentationModel;

namespace FleetDashboard.AppHost.Tests;

/// <summary>What publishing writes, into a folder of its own, once for all tests.</summary>
public sealed class Published : IAsyncLifetime
{
    public const string SharedSecret = "a-shared-secret-that-must-not-be-in-any-file";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-published-");

    public YamlMappingNode Compose { get; private set; } = default!;

    /// <summary>Every file that was written, as one text.</summary>
    public string Text { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        string[] arguments = ["--operation", "publish", "--step", "publish", "--output-path", _folder.FullName, $"--Parameters:shared-secret={SharedSecret}", $"--Parameters:admin-password={SharedSecret}"];
        await using var app = Model.Build(arguments);
        await app.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(_folder.FullName, "docker-compose.yaml"));
        yaml.Load(file);
        Compose = (YamlMappingNode)yaml.Documents[0].RootNode;
        Text = string.Concat(_folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(written => File.ReadAllText(written.FullName)));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public YamlMappingNode Service(string name) => (YamlMappingNode)Compose["services"][name];

    public static string[] Names(YamlNode node) => [.. ((YamlMappingNode)node).Children.Keys.Select(key => key.ToString())];

    public static string[] Values(YamlNode node) => [.. ((YamlSequenceNode)node).Children.Select(child => child.ToString())];
}
