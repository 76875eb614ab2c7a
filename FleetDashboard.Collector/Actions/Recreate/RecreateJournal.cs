using System.Text.Json;
using System.Text.Json.Serialization;
using FleetDashboard.Collector.Audit;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Collector.Actions.Recreate;

/// <summary>
/// What is being replaced at this moment: one small file for each, on the disk before the old container is touched and gone when it is
/// over.
/// What lies there at the next start was cut off; without it nobody could tell a container that was stopped for this from one that ended.
/// </summary>
internal sealed class RecreateJournal(IOptions<CollectorDataOptions> data)
{
    private string Folder => Path.Combine(data.Value.Path, "recreate");

    /// <summary>Notes a replacement; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">It could not be written: nothing may be touched.</exception>
    public void Begin(RecreateJournalEntry left)
    {
        Directory.CreateDirectory(Folder); // In a folder that is private already.
        var (file, fresh) = (FileOf(left.OldId), FileOf(left.OldId) + ".new");
        using (var stream = File.Create(fresh))
        {
            JsonSerializer.Serialize(stream, left, RecreateJournalEntryJson.Default.RecreateJournalEntry);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }

    public void End(string oldId) => File.Delete(FileOf(oldId));

    /// <summary>
    /// What was noted of a container; null where nothing was, or the note is not whole, in which case nothing was touched.
    /// </summary>
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

/// <summary>What has to be put right after a replacement that did not come to its end.</summary>
/// <param name="OldId">The old container.</param>
/// <param name="Name">The name that it shall have.</param>
/// <param name="WasRunning">Whether it shall run.</param>
/// <param name="NewImageId">What the successor is on: what has the name and is on another image is not ours to remove.</param>
/// <param name="Began">When it began: nothing older is the successor.</param>
internal sealed record RecreateJournalEntry(string OldId, string Name, bool WasRunning, string NewImageId, DateTimeOffset Began);

[JsonSerializable(typeof(RecreateJournalEntry))]
internal sealed partial class RecreateJournalEntryJson : JsonSerializerContext;
