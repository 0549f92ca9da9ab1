using Microsoft.Extensions.Options;
using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>Checks the settings of <c>AddProbing()</c> when the host starts.</summary>
internal sealed class ProbeOptionsValidator : IValidateOptions<ProbeOptions>
{
    public ValidateOptionsResult Validate(string? name, ProbeOptions options)
    {
        try
        {
            options.Validate();
            if (options.WatchListFile is { } path && WatchList.Load(path).Count == 0 && options.Names.Count == 0)
            {
                return ValidateOptionsResult.Fail($"Probing.WatchListFile: there is no name in {path}: write one a line.");
            }
        }
        catch (ArgumentException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return ValidateOptionsResult.Fail($"Probing.WatchListFile: {e.Message} Name a readable file with one name a line.");
        }

        return ValidateOptionsResult.Success;
    }
}
