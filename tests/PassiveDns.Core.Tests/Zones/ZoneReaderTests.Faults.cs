namespace PassiveDns.Tests;

public partial class ZoneReaderTests
{
    [Theory]
    [InlineData("x..y 1 A 192.0.2.1", ZoneError.MalformedName, 1)]
    [InlineData("\"x\" 1 A 192.0.2.1", ZoneError.MalformedName, 1)]
    [InlineData("x\\999 1 A 192.0.2.1", ZoneError.MalformedName, 1)]
    [InlineData("x", ZoneError.MissingType, 2)]
    [InlineData("x 1 IN", ZoneError.MissingType, 7)]
    [InlineData("x 1 NONSENSE 192.0.2.1", ZoneError.UnknownType, 5)]
    [InlineData("x 1 1 A 192.0.2.1", ZoneError.UnknownType, 5)]
    [InlineData("x 1 TYPE65536 \\# 0", ZoneError.UnknownType, 5)]
    [InlineData("x 1 ANY \\# 0", ZoneError.MetaType, 5)]
    [InlineData("x 1 OPT \\# 0", ZoneError.MetaType, 5)]
    [InlineData("x 1y A 192.0.2.1", ZoneError.MalformedTimeToLive, 3)]
    [InlineData("x 1h30 A 192.0.2.1", ZoneError.MalformedTimeToLive, 3)]
    [InlineData("x 2147483648 A 192.0.2.1", ZoneError.TimeToLiveTooLarge, 3)]
    [InlineData("x 99999999999999999999999w A 192.0.2.1", ZoneError.TimeToLiveTooLarge, 3)]
    [InlineData("x 1 A 192.0.2", ZoneError.MalformedRdata, 7)]
    [InlineData("x 1 A 192.0.2.1 192.0.2.2", ZoneError.MalformedRdata, 7)]
    [InlineData("x 1 A \\# 5 0102030405", ZoneError.MalformedRdata, 7)]
    [InlineData("x 1 NS \"y\"", ZoneError.MalformedRdata, 8)]
    [InlineData("x 1 TYPE65280 something", ZoneError.GenericDataExpected, 15)]
    [InlineData("x 1 TXT \"open", ZoneError.UnclosedQuote, 9)]
    [InlineData("x 1 A 192.0.2.1 )", ZoneError.UnopenedParenthesis, 17)]
    [InlineData("x 1 A ( ( 192.0.2.1 ) )", ZoneError.NestedParenthesis, 9)]
    [InlineData("$NONSENSE x", ZoneError.UnknownDirective, 1)]
    [InlineData("$TTL", ZoneError.MalformedDirective, 5)]
    [InlineData("$TTL 1 2", ZoneError.MalformedDirective, 6)]
    [InlineData("$TTL x", ZoneError.MalformedTimeToLive, 6)]
    [InlineData("$ORIGIN x..y", ZoneError.MalformedName, 9)]
    [InlineData("$INCLUDE x.zone", ZoneError.IncludeRefused, 10)]
    [InlineData("$GENERATE 2-1 x$ A 192.0.2.$", ZoneError.MalformedGenerate, 11)]
    [InlineData("$GENERATE 1-2/0 x$ A 192.0.2.$", ZoneError.MalformedGenerate, 11)]
    [InlineData("$GENERATE 0-65536 x$ A 192.0.2.1", ZoneError.GenerateTooLarge, 11)]
    public void An_error_names_its_place_and_reading_goes_on_behind_it(string line, ZoneError error, int column)
    {
        (string[] records, ZoneReport report) = ZoneText.Read($"before 1 A 192.0.2.1\n{line}\nafter 1 A 192.0.2.2");
        Assert.Equal(new ZoneFault(error, 2, column, null), Assert.Single(report.Faults));
        Assert.Equal(["before.example. 1 A 192.0.2.1", "after.example. 1 A 192.0.2.2"], records);
    }

    [Fact]
    public void An_error_inside_a_group_names_the_line_in_the_file()
    {
        (_, ZoneReport report) = ZoneText.Read("a 1 SOA ( ; x\n . .\n 1 2 3 4 nonsense )\n\nb 1 (\n  NONSENSE )");
        Assert.Equal([new(ZoneError.MalformedRdata, 2, 2, null), new ZoneFault(ZoneError.UnknownType, 6, 3, null)], report.Faults);
    }

    [Fact]
    public void A_group_that_is_never_closed_costs_its_line_only()
    {
        (string[] records, ZoneReport report) = ZoneText.Read("a 1 SOA . . ( 1 2\nb 1 A 192.0.2.2\nc 1 A ( 192.0.2.3 )\nd 1 A ( 192.0.2.4\ne 1 A 192.0.2.5");
        Assert.Equal(["b.example. 1 A 192.0.2.2", "c.example. 1 A 192.0.2.3", "e.example. 1 A 192.0.2.5"], records);
        Assert.Equal([new(ZoneError.UnclosedParenthesis, 1, 13, null), new ZoneFault(ZoneError.UnclosedParenthesis, 4, 7, null)], report.Faults);
    }

    [Fact]
    public void An_owner_counts_again_after_one_that_could_not_be_read()
    {
        (string[] records, _) = ZoneText.Read("a 1 A 192.0.2.1\n)b 1 A 192.0.2.2\na 1 A 192.0.2.3");
        Assert.Equal(["a.example. 1 A 192.0.2.1", "a.example. 1 A 192.0.2.3"], records);
    }

    [Fact]
    public void What_refers_to_an_owner_that_could_not_be_read_is_not_given_to_the_owner_before()
    {
        (string[] records, ZoneReport report) = ZoneText.Read(" 1 A 192.0.2.9\na 1 A 192.0.2.1\nx..y 1 A 192.0.2.2\n 1 A 192.0.2.3\nb 1 TXT \"open\n 1 A 192.0.2.4");
        Assert.Equal(["a.example. 1 A 192.0.2.1", "b.example. 1 A 192.0.2.4"], records);
        Assert.Equal(2, report.Errors[ZoneError.MissingOwner]);
    }

    [Fact]
    public void An_owner_is_read_anew_after_an_entry_whose_owner_was_not_legible()
    {
        (string[] records, _) = ZoneText.Read("a 1 A 192.0.2.1\na( 1 A ( ( x\na 1 A 192.0.2.3");
        Assert.Equal(["a.example. 1 A 192.0.2.1", "a.example. 1 A 192.0.2.3"], records);
    }

    [Fact]
    public void Entries_beyond_the_bound_are_skipped_in_bounded_memory()
    {
        string filler = new('x', 5000);
        ZoneReaderOptions options = new() { MaxEntryLength = 1024 };
        (string[] records, ZoneReport report) = ZoneText.Read(
            $"a 1 TXT {filler}\nb 1 A 192.0.2.2\n;{filler}\nc 1 TXT ( ;{filler}\n )\nd 1 A 192.0.2.4\ne 1 TXT \"{filler}", "example", options);
        Assert.Equal(["b.example. 1 A 192.0.2.2", "d.example. 1 A 192.0.2.4"], records);
        Assert.Equal(4, report.Errors[ZoneError.EntryTooLong]);
        Assert.Equal([1, 3, 4, 7], report.Faults.Where(fault => fault.Error == ZoneError.EntryTooLong).Select(fault => fault.Line));
    }

    [Fact]
    public void Only_the_first_faults_keep_their_place_but_all_are_counted()
    {
        (_, ZoneReport report) = ZoneText.Read(string.Concat(Enumerable.Repeat("x\n", 50)), "example", new() { MaxKeptFaults = 3 });
        Assert.Equal(3, report.Faults.Count);
        Assert.Equal(50, report.Errors[ZoneError.MissingType]);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Character_strings_have_at_most_255_octets(int length, bool isRead)
    {
        (string[] records, _) = ZoneText.Read($"a 1 TXT \"{new string('x', length)}\"");
        Assert.Equal(isRead ? 1 : 0, records.Length);
    }
}
