using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PassiveDns.Tool.Output;

/// <summary>One JSON object on a line of its own.</summary>
internal static class JsonOutput
{
    /// <summary>Writes an object and the end of its line.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="members">Writes the members.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        output.Flush();
    }

    /// <summary>Writes Unix seconds, or null.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="name">The member.</param>
    /// <param name="time">The time.</param>
    public static void WriteTime(Utf8JsonWriter json, string name, long? time)
    {
        if (time is { } seconds) json.WriteNumber(name, seconds);
        else json.WriteNull(name);
    }

    /// <summary>Writes the member <c>account</c>.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="account">Its lines.</param>
    public static void WriteAccount(Utf8JsonWriter json, IReadOnlyList<StageCount> account)
    {
        json.WriteStartArray("account");
        foreach (StageCount line in account)
        {
            json.WriteStartObject();
            json.WriteString("stage", line.Stage);
            json.WriteString("fate", line.Fate);
            json.WriteNumber("count", line.Count);
            json.WriteBoolean("is_drop", line.IsDrop);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
