namespace PassiveDns.Analysis;

/// <summary>Finds all brands inside a text in one pass over it, however many brands there are (Aho and Corasick, CACM 18, 1975).</summary>
internal sealed class TokenAutomaton
{
    private readonly byte[] _ascii = new byte[128]; // the symbol of a letter; 0 stands for all letters that no token has
    private readonly Dictionary<int, byte> _foreign = [];
    private readonly int _symbols;
    private readonly int[] _next; // state * symbols + symbol
    private readonly int[] _token; // the token that ends in a state, or -1
    private readonly int[] _shorter; // the nearest state with a token that is a suffix of this state's, or 0

    /// <summary>Compiles.</summary>
    /// <param name="tokens">The tokens, none empty; equal ones are found once for each.</param>
    public TokenAutomaton(IReadOnlyList<int[]> tokens)
    {
        int symbols = 1;
        foreach (int letter in tokens.SelectMany(static token => token).Distinct().Order())
        {
            if (symbols > byte.MaxValue) break; // 255 different letters; tokens with others are not found
            if (letter < 128) _ascii[letter] = (byte)symbols++;
            else _foreign[letter] = (byte)symbols++;
        }

        _symbols = symbols;
        List<int[]> next = [new int[symbols]];
        List<int> ends = [-1];
        SameAs = new int[tokens.Count];
        for (int i = 0; i < tokens.Count; i++)
        {
            int state = 0;
            foreach (int letter in tokens[i])
            {
                int symbol = SymbolOf(letter);
                if (next[state][symbol] == 0)
                {
                    next[state][symbol] = next.Count;
                    next.Add(new int[symbols]);
                    ends.Add(-1);
                }

                state = next[state][symbol];
            }

            SameAs[i] = ends[state];
            ends[state] = i;
        }

        _token = [.. ends];
        _shorter = new int[next.Count];
        Complete(next);
        _next = [.. next.SelectMany(static row => row)];
    }

    /// <summary>For each token another one of equal letters, or -1: the list of all equals.</summary>
    public int[] SameAs { get; }

    /// <summary>Reads a letter.</summary>
    /// <param name="state">The state before; 0 at the start.</param>
    /// <param name="letter">The letter.</param>
    public int Step(int state, int letter) => _next[(state * _symbols) + SymbolOf(letter)];

    /// <summary>The longest token that ends in a state, and the state in which the next shorter one ends.</summary>
    /// <param name="state">The state.</param>
    /// <param name="rest">The state to ask next; 0 if there is none.</param>
    /// <returns>The token, or -1.</returns>
    public int TokenAt(int state, out int rest)
    {
        rest = _shorter[state];
        return _token[state];
    }

    private int SymbolOf(int letter) => (uint)letter < 128 ? _ascii[letter] : _foreign.GetValueOrDefault(letter);

    // Breadth first: where there is no way on, go on from the longest proper suffix.
    private void Complete(List<int[]> next)
    {
        int[] suffix = new int[next.Count];
        Queue<int> states = new();
        foreach (int child in next[0])
        {
            if (child != 0) states.Enqueue(child);
        }

        while (states.TryDequeue(out int state))
        {
            int behind = suffix[state];
            _shorter[state] = _token[behind] >= 0 ? behind : _shorter[behind];
            for (int symbol = 0; symbol < _symbols; symbol++)
            {
                int child = next[state][symbol];
                if (child == 0)
                {
                    next[state][symbol] = next[behind][symbol];
                    continue;
                }

                suffix[child] = next[behind][symbol];
                states.Enqueue(child);
            }
        }
    }
}
