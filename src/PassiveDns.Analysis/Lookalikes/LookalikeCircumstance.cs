namespace PassiveDns.Analysis;

/// <summary>What speaks for or against a look-alike besides its name.</summary>
public enum LookalikeCircumstance : byte
{
    /// <summary>Its first sighting is not long ago.</summary>
    New,

    /// <summary>It takes mail: it can be written from and answered to.</summary>
    TakesMail,

    /// <summary>It shares dedicated infrastructure with another look-alike that was accepted without this.</summary>
    SharesWithSquat,

    /// <summary>It has the brand's address: most likely registered by the brand to lead visitors home.</summary>
    SharesAddress,

    /// <summary>It has the brand's set of name servers.</summary>
    SharesNameServers,

    /// <summary>Its SOA record names the brand's contact.</summary>
    SharesContact,

    /// <summary>It has the brand's mail server.</summary>
    SharesMailServer,

    /// <summary>It has been there for more than two years and was asked for often.</summary>
    Established,

    /// <summary>It is asked for by very many people (<see cref="LookalikeOptions.Popular"/>).</summary>
    Popular,
}
