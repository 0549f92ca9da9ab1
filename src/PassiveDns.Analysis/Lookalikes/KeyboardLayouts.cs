namespace PassiveDns.Analysis;

/// <summary>Which keys lie beside each other on qwerty, qwertz or azerty keyboards. Fingers slip to a key that touches the right one.</summary>
internal static class KeyboardLayouts
{
    private const double Touching = 1.26; // key widths between centres: the six keys around one, and the one up to the right

    private static readonly bool[] s_neighbours = Neighbours();

    /// <summary>Whether two letters or digits are neighbours on one of the layouts.</summary>
    public static bool AreNeighbours(int one, int other) => (uint)one < 128 && (uint)other < 128 && s_neighbours[(one << 7) | other];

    private static bool[] Neighbours()
    {
        bool[] neighbours = new bool[128 * 128];
        double[] offsets = [0, 0.5, 0.75, 1.25]; // how far each row is set off to the right
        foreach (string[] rows in (string[][])
        [
            ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"],
            ["1234567890-", "qwertzuiop", "asdfghjkl", "yxcvbnm"],
            ["1234567890-", "azertyuiop", "qsdfghjklm", "wxcvbn"],
        ])
        {
            (char Key, double X, double Y)[] keys = [.. rows.SelectMany((row, y) => row.Select((key, x) => (key, x + offsets[y], (double)y)))];
            foreach ((char key, double x, double y) in keys)
            {
                foreach ((char other, double atX, double atY) in keys)
                {
                    if (key != other && Math.Sqrt(((x - atX) * (x - atX)) + ((y - atY) * (y - atY))) <= Touching) neighbours[(key << 7) | other] = true;
                }
            }
        }

        return neighbours;
    }
}
