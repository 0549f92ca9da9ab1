using PassiveDns.Analysis;
using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>How the answer of an analysis is shown, item by item while it comes: lines of JSON for programs, text for people, and at the end what it says about itself.</summary>
/// <typeparam name="T">An item of the answer.</typeparam>
internal sealed class AnswerForm<T>
{
    /// <summary>Writes an item as lines of JSON.</summary>
    public required Action<T> Json { get; init; }

    /// <summary>Writes an item for people, or adds it to <see cref="Table"/>.</summary>
    public required Action<T> Text { get; init; }

    /// <summary>The table that <see cref="Text"/> fills; <c>null</c> if it writes by itself.</summary>
    public PagedTable? Table { get; init; }

    /// <summary>What people must be told about an answer that has something in it.</summary>
    public Action<AnswerFacts>? Remark { get; init; }

    /// <summary>Shows an answer.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="asJson">Whether programs read it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="asked">The question in a few words.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> ShowAsync(Terminal terminal, bool asJson, AnswerStream<T> answer, string asked, CancellationToken cancellationToken)
    {
        Action<T> write = asJson ? Json : Text;
        bool isEmpty = true;
        await foreach (T item in answer.WithCancellation(cancellationToken))
        {
            isEmpty = false;
            write(item);
        }

        if (asJson) AnalysisJson.WriteFacts(terminal, answer.Facts);
        else Table?.End();
        terminal.Output.Flush();
        if (!isEmpty && !asJson) Remark?.Invoke(answer.Facts);
        return End(terminal, isEmpty, asked, answer.Facts);
    }

    private static int End(Terminal terminal, bool isEmpty, string asked, AnswerFacts facts)
    {
        if (facts.Completeness == Completeness.Estimated) terminal.Note("some histories were coarsened; their times are right, what lies between is an estimate");
        bool isCut = facts.Completeness == Completeness.Truncated;
        if (isCut) terminal.Note("the answer is cut: --max-rows or a bound of the analysis itself was reached; ask for less");
        if (!isEmpty) return ExitCode.Answered;
        terminal.Note(isCut ? $"nothing found up to there about {asked}" : $"nothing known about {asked}");
        return ExitCode.NothingKnown;
    }
}
