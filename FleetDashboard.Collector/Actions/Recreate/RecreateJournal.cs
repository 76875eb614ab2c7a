using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Collector.Audit;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// The replacements that are running now: one small file each, written to disk before the old container is touched and deleted when the
/// replacement ends. A file that exists at start belongs to an interrupted replacement. Without it, a container stopped for a replacement
/// would look like one that exited.
/// </summary>
internal sealed class RecreateJournal(IOptions<CollectorDataOptions> data)
{
    private string Folder => Path.Combine(data.Value.Path, "recreate");

    /// <summary>Records a replacement. The file is on disk when this returns.</summary>
    /// <exception cref="IOException">The file could not be written, so the replacement must not start.</exception>
    public void Begin(RecreateJournalEntry entry)
    {
        Directory.CreateDirectory(Folder); // the parent folder is private already
        var (file, fresh) = (FileOf(entry.OldId), FileOf(entry.OldId) + ".new");
        using (var stream = File.Create(fresh))
        {
            JsonSerializer.Serialize(stream, entry, RecreateJournalEntryJson.Default.RecreateJournalEntry);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }

    public void End(string oldId) => File.Delete(FileOf(oldId));

    /// <summary>The record of a container. Null if it is missing or incomplete, in which case nothing was changed.</summary>
    public RecreateJournalEntry? Find(string oldId)
    {
        try
        {
            using var stream = File.OpenRead(FileOf(oldId));
            return JsonSerializer.Deserialize(stream, RecreateJournalEntryJson.Default.RecreateJournalEntry);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private string FileOf(string id) => Path.Combine(Folder, $"{id}.json");
}

/// <summary>What is needed to complete or roll back an interrupted replacement.</summary>
/// <param name="OldId">The old container.</param>
/// <param name="Name">The name that the container must have.</param>
/// <param name="WasRunning">Whether the container must run.</param>
/// <param name="NewImageId">The image of the new container. A container with this name but another image is not ours to remove.</param>
/// <param name="Began">When the replacement started. An older container is not the new one.</param>
internal sealed record RecreateJournalEntry(string OldId, string Name, bool WasRunning, string NewImageId, DateTimeOffset Began);

[JsonSerializable(typeof(RecreateJournalEntry))]
internal sealed partial class RecreateJournalEntryJson : JsonSerializerContext;
