using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Commands;

/// <summary>The publication threshold on the command line.</summary>
/// <param name="defaultSensors">How many sensors are asked for without a word; 0 for no threshold.</param>
internal sealed class PublicationArguments(int defaultSensors = 0)
{
    private readonly Option<int> _sensors = new("--min-sensors")
    {
        HelpName = "K",
        Description = $"The publication threshold: as many sensors must have seen a name, 2 to 8. {(defaultSensors == 0 ? "Default: all names are shown." : $"Default {defaultSensors}.")}",
        DefaultValueFactory = _ => defaultSensors,
    };

    private readonly Option<int> _days = new("--min-days") { HelpName = "D", Description = "Or it was seen on so many days, 2 to 366; 0, the default, if their number does not matter." };
    private readonly Option<string?> _suffixes = new("--public-suffix-list")
    {
        HelpName = "FILE",
        Description = "Tells registrable domains, which are always published. Default: the last two labels.",
    };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_sensors, _days, _suffixes]) verb.Options.Add(option);
    }

    /// <summary>The thresholds, or <c>null</c> if none is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public PublicationOptions? Of(ParseResult parsed)
    {
        int sensors = parsed.GetValue(_sensors), days = parsed.GetValue(_days);
        string? list = parsed.GetValue(_suffixes);
        if (sensors == 0 && days == 0 && defaultSensors == 0)
        {
            return list is null ? null : throw ToolException.WrongUse("--public-suffix-list: give a threshold, too, --min-sensors or --min-days");
        }

        PublicationOptions options = new()
        {
            MinSensors = sensors,
            MinDays = days,
            PublicSuffixes = list is { } file ? OptionFile.Read("--public-suffix-list", file, PublicSuffixList.Load) : PublicSuffixList.Empty,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw ToolException.WrongUse(e.Message.Replace("MinSensors", "--min-sensors", StringComparison.Ordinal).Replace("MinDays", "--min-days", StringComparison.Ordinal));
        }

        return options;
    }

    /// <summary>The store, or what of it may be seen.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="store">The store.</param>
    public IObservationReader View(ParseResult parsed, IObservationStore store) => Of(parsed) is { } options ? new PublicationView(store, options) : store;
}
