using System.Text;
using PassiveDns.Analysis;

namespace PassiveDns.Fuzz;

/// <summary>The text of a TXT record: whatever it holds, each kind of mail record is read or refused with a reason, and the terms of an SPF record make it again.</summary>
internal static class MailTarget
{
    private delegate bool Parser<T>(string text, out T? record, out string? problem)
        where T : class;

    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        Check<DkimKey>(text, DkimKey.TryParse);
        Check<DmarcRecord>(text, DmarcRecord.TryParse);
        Check<TransportPolicy>(text, TransportPolicy.TryParse);
        Check<TransportReports>(text, TransportReports.TryParse);
        Check<BrandIndicator>(text, BrandIndicator.TryParse);
        if (Check<SpfRecord>(text, SpfRecord.TryParse) is not { } spf) return;
        string again = string.Join(' ', spf.Terms.Select(term => term.Text).Prepend("v=spf1"));
        Promise.Holds(spf.Equals(Check<SpfRecord>(again, SpfRecord.TryParse)), $"{again} is another record");
        Promise.Holds(spf.Lookups <= spf.Terms.Length, "more look-ups than terms");
    }

    private static T? Check<T>(string text, Parser<T> parse)
        where T : class
    {
        bool isRead = parse(text, out T? record, out string? problem);
        Promise.Holds(isRead == (record is not null) && isRead == (problem is null), $"{typeof(T).Name}: neither a record nor a problem");
        return record;
    }
}
