namespace PassiveDns.Benchmarks;

/// <summary>Sound messages with seeded damage: octets flipped, ends cut off, pointers bent, counts changed. About half stay readable.</summary>
internal static class MutatedMessages
{
    public static List<byte[]> Make(int seed, int count, MessageCorpus source)
    {
        Random random = new(seed);
        List<byte[]> messages = new(count);
        for (int i = 0; i < count; i++) messages.Add(Mutate(source[random.Next(source.Count)].ToArray(), random));
        return messages;
    }

    public static byte[] Mutate(byte[] message, Random random)
    {
        for (int rounds = 1 + random.Next(3); rounds > 0; rounds--)
        {
            switch (random.Next(10))
            {
                case <= 4: // one octet, anywhere
                    message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 5: // one octet, any value
                    message[random.Next(message.Length)] = (byte)random.Next(256);
                    break;
                case 6: // the end is cut off or something is appended
                    Array.Resize(ref message, random.Next(4) == 0 ? message.Length + random.Next(20) : Math.Max(1, random.Next(message.Length + 1)));
                    break;
                case 7: // one of the four counts
                    if (message.Length >= 12) message[5 + 2 * random.Next(4)] = (byte)random.Next(12);
                    break;
                default:
                    BendPointer(message, random);
                    break;
            }
        }

        return message;
    }

    private static void BendPointer(byte[] message, Random random)
    {
        int start = random.Next(message.Length);
        for (int i = 0; i < message.Length - 1; i++)
        {
            int at = (start + i) % (message.Length - 1);
            if (message[at] < 0xC0) continue;
            int target = random.Next(3) == 0 ? random.Next(message.Length) : ((message[at] & 0x3F) << 8 | message[at + 1]) + random.Next(-4, 5);
            message[at] = (byte)(0xC0 | target >> 8 & 0x3F);
            message[at + 1] = (byte)target;
            return;
        }
    }
}
