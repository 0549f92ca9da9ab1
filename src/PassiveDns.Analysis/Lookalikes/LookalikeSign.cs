namespace PassiveDns.Analysis;

/// <summary>One way in which a name imitates a brand, and how well.</summary>
/// <param name="Class">The way.</param>
/// <param name="Strength">How well it does, 0 to 1: 1 is a perfect example of its class.</param>
/// <param name="Weight">What its class counts for, 0 to 1 (<see cref="LookalikeWeights"/>).</param>
/// <param name="Detail">What was found, for people.</param>
public sealed record LookalikeSign(LookalikeClass Class, double Strength, double Weight, string Detail);
