namespace PassiveDns.Storage;

/// <summary>How far a long piece of work on a store has come.</summary>
/// <param name="Done">What is done, in octets or rows, whichever the method says.</param>
/// <param name="Total">About what there is in all; work can end a little before or behind it.</param>
public readonly record struct StoreProgress(long Done, long Total);
