using Microsoft.Extensions.Options;

namespace PassiveDns;

/// <summary>Checks the values that attributes can describe; the source generator writes it.</summary>
[OptionsValidator]
internal sealed partial class PassiveDnsOptionsValidator : IValidateOptions<PassiveDnsOptions>;
