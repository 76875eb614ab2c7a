using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FleetDashboard.ServiceDefaults;

/// <summary>
/// Reads secrets from files: <c>Auth:SharedSecret_FILE</c> (as a variable <c>Auth__SharedSecret_FILE</c>) names a file whose trimmed text
/// becomes <c>Auth:SharedSecret</c>. <c>docker inspect</c> shows the values of variables, but not the content of files.
/// </summary>
public static class SecretFiles
{
    private const string Suffix = "_FILE";
    private const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Reads every file that a key of <paramref name="configuration"/> names. Only keys inside a section count, because SSL_CERT_FILE and
    /// similar variables belong to other programs.
    /// </summary>
    /// <exception cref="OptionsValidationException">A file is missing, empty, too large or not readable. Each message names the key and the
    /// file.</exception>
    public static void AddSecretFiles(this IConfigurationManager configuration)
    {
        var (secrets, failures) = (new Dictionary<string, string?>(), new List<string>());
        foreach (var (key, file) in configuration.AsEnumerable())
        {
            if (
                !string.IsNullOrWhiteSpace(file)
                && key.EndsWith(Suffix, StringComparison.Ordinal)
                && key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)
            )
            {
                var setting = key[..^Suffix.Length];
                if (string.IsNullOrEmpty(configuration[setting]))
                {
                    Read(key, file.Trim(), failures, text => secrets[setting] = text);
                }
                else
                {
                    failures.Add($"{key} and {setting} are both set. Remove one of them.");
                }
            }
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(SecretFiles), typeof(SecretFiles), failures);
        }

        configuration.AddInMemoryCollection(secrets);
    }

    private static void Read(string key, string file, List<string> failures, Action<string> found)
    {
        try
        {
            var text = new FileInfo(file).Length > MaxBytes ? null : File.ReadAllText(file).Trim();
            switch (text)
            {
                case null:
                    failures.Add($"{key} names {file}, which is larger than {MaxBytes} bytes. Name a file that contains only the secret.");
                    break;
                case "":
                    failures.Add($"{key} names {file}, which is empty. Write the secret into it.");
                    break;
                default:
                    found(text);
                    break;
            }
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            failures.Add($"{key} names {file}, which does not exist. Mount it, or correct the path.");
        }
        catch (UnauthorizedAccessException)
        {
            failures.Add($"{key} names {file}, which user {Environment.UserName} may not read. Change the file's owner to that user.");
        }
        catch (IOException fault)
        {
            failures.Add($"{key} names {file}, which could not be read: {fault.Message}");
        }
    }
}
