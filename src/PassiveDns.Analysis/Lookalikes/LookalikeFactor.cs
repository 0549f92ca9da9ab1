namespace PassiveDns.Analysis;

/// <summary>A circumstance that changed the odds that a name is a squat.</summary>
/// <param name="Circumstance">What it is.</param>
/// <param name="Odds">What the odds were multiplied by: above 1 it speaks for a squat, below 1 against.</param>
/// <param name="Detail">What was found, for people.</param>
public sealed record LookalikeFactor(LookalikeCircumstance Circumstance, double Odds, string Detail);
