using FleetDashboard.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace FleetDashboard.Tests.ServiceDefaults;

/// <summary>Secrets in files, as Compose mounts them.</summary>
public sealed class SecretFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-secrets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void File_WithASecret_SettingIsItsTrimmedText()
    {
        using var configuration = Read(("Auth:SharedSecret_FILE", Secret("  correct horse\n")));

        Assert.Equal("correct horse", configuration["Auth:SharedSecret"]);
    }

    [Theory]
    [InlineData("", "Auth:SharedSecret_FILE names {0}, which is empty. Write the secret into it.")]
    [InlineData(" \n", "Auth:SharedSecret_FILE names {0}, which is empty. Write the secret into it.")]
    [InlineData(null, "Auth:SharedSecret_FILE names {0}, which does not exist. Mount it, or correct the path.")]
    public void File_WithoutASecret_StartFailsWithKeyAndFile(string? text, string sentence)
    {
        var file = text is null ? Path.Combine(_folder.FullName, "missing") : Secret(text);

        var refused = Assert.Throws<OptionsValidationException>(() => Read(("Auth:SharedSecret_FILE", file)));

        Assert.Equal([string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, file)], refused.Failures);
    }

    [Fact]
    public void File_TooLarge_StartFails()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(("Metrics:Token_FILE", Secret(new string('x', 65 * 1024)))));

        Assert.Contains("larger than 65536 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingAndFile_BothSet_StartFails()
    {
        var refused = Assert.Throws<OptionsValidationException>(() =>
            Read(("Auth:SharedSecret_FILE", Secret("one")), ("Auth:SharedSecret", "another"))
        );

        Assert.Equal(["Auth:SharedSecret_FILE and Auth:SharedSecret are both set. Remove one of them."], refused.Failures);
    }

    [Theory]
    [InlineData("SSL_CERT_FILE", "/no/such/file")]
    [InlineData("Fleet:File", "/no/such/file")]
    [InlineData("Auth:SharedSecret_FILE", "")]
    public void Key_WithoutASection_IsIgnored(string key, string value)
    {
        using var configuration = Read((key, value));

        Assert.Equal(value, configuration[key]);
    }

    private string Secret(string text)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, text);
        return file;
    }

    private static ConfigurationManager Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        configuration.AddSecretFiles();
        return configuration;
    }
}
