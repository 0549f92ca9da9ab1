using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class ObservationRowsTests
{
    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "13,15", MaxTest = 500)]
    public void Rows_come_back_as_they_were_added(DomainName[] names, SightingHistory history, ushort type)
    {
        ObservationRows rows = new(16);
        byte[] packedHistory = SightingCodec.Encode(history);
        byte[] set = new byte[64];
        set = set[..RdataSet.Pack([1, 2, 3], [(0, 1), (1, 2)], set)];
        foreach (DomainName name in names)
        {
            rows.Add(new()
            {
                RrName = name.Wire,
                Type = (RecordType)type,
                BailiwickLabels = (byte)(name.LabelCount / 2),
                Provenance = Provenance.ZoneFile,
                Rdata = new(set),
                History = packedHistory,
            });
        }

        Assert.Equal(names.Length, rows.Count);
        int at = 0;
        foreach (ObservationRow row in rows)
        {
            DomainName name = names[at++];
            Observation observation = row.ToObservation();
            Assert.Equal(name, observation.RrName);
            Assert.Equal((RecordType)type, observation.Type);
            Assert.Equal(name.Ancestor(name.LabelCount / 2), observation.Bailiwick);
            Assert.Equal(observation.Bailiwick.Wire.ToArray(), row.Bailiwick.ToArray());
            Assert.Equal(Provenance.ZoneFile, observation.Provenance);
            Assert.Equal([[1], [2, 3]], observation.Rdata.Select(rdata => rdata.Canonical.ToArray()));
            Assert.Equal(history, observation.History);
            Assert.Equal(observation, row.ToObservation());
        }

        Assert.Equal(names.Length, at);
        Assert.True(ObservationRows.TryUnpack(rows.Packed, out ObservationRows? unpacked));
        Assert.Equal(names.Length, unpacked.Count);
        Assert.True(rows.Packed.SequenceEqual(unpacked.Packed));
        rows.Clear();
        Assert.Equal(0, rows.Count);
        Assert.True(rows.Packed.IsEmpty);
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "13,15", MaxTest = 2000)]
    public void Damaged_octets_are_refused_or_are_rows_that_can_be_read(DomainName name, SightingHistory history, FsCheck.NonNegativeInt at, byte value, bool cut)
    {
        ObservationRows rows = new();
        byte[] set = [0, 1, 1, 0, 2, 2, 3];
        rows.Add(new()
        {
            RrName = name.Wire,
            Type = RecordType.TXT,
            BailiwickLabels = (byte)name.LabelCount,
            Provenance = Provenance.ZoneFile,
            Rdata = new(set),
            History = SightingCodec.Encode(history),
        });
        byte[] octets = rows.Packed.ToArray();
        int place = at.Get % octets.Length;
        octets[place] = value;
        if (cut) octets = octets[..place];
        if (!ObservationRows.TryUnpack(octets, out ObservationRows? unpacked)) return;
        int count = 0;
        foreach (ObservationRow row in unpacked)
        {
            Observation observation = row.ToObservation();
            Assert.True(DomainName.TryFromWire(observation.RrName.Wire, out DomainName canonical) && canonical == observation.RrName);
            Assert.True(observation.RrName.IsAtOrUnder(observation.Bailiwick));
            Assert.NotEmpty(observation.Rdata);
            count++;
        }

        Assert.Equal(unpacked.Count, count);
    }

    [Theory]
    [InlineData("ams1-resolver.example_2", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void Sensor_names_are_plain(string name, bool valid)
    {
        Assert.Equal(valid, SensorId.IsValid(name));
        if (valid) Assert.Equal(name, new SensorId(name).ToString());
        else Assert.Throws<ArgumentException>(() => new SensorId(name));
    }

    [Fact]
    public void A_fingerprint_is_the_start_of_the_SHA_256_of_the_name() => // FIPS 180-2: SHA-256("abc") starts with ba7816bf
        Assert.Equal(0xBA7816BFu, new SensorId("abc").Fingerprint);
}
