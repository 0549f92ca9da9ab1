using System.Globalization;

namespace PassiveDns.Tests;

public class NameSketchTests
{
    /// <summary>Exact counts are the oracle. 13 % are four standard errors at 1,024 registers; small numbers are nearly exact.</summary>
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(10, 0.1)]
    [InlineData(100, 0.07)]
    [InlineData(1_000, 0.1)]
    [InlineData(10_000, 0.13)]
    [InlineData(200_000, 0.13)]
    [InlineData(1_000_000, 0.13)]
    public void The_estimate_is_near_the_exact_number(int names, double tolerance)
    {
        NameSketch sketch = new();
        for (int i = 0; i < names; i++) Add(sketch, i);
        Assert.InRange(sketch.Estimate, names * (1 - tolerance), names * (1 + tolerance));
    }

    /// <summary>One sketch may be off by chance; that many are not, unless the estimator has a bias.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(2_500)] // where the raw estimate of the original paper is wrong most
    [InlineData(20_000)]
    public void There_is_no_bias_and_the_error_is_the_one_stated(int names)
    {
        const int Rounds = 60;
        double sum = 0, squares = 0;
        NameSketch sketch = new();
        for (int round = 0; round < Rounds; round++)
        {
            sketch.Clear();
            for (int i = 0; i < names; i++) Add(sketch, (long)round * 10_000_000 + i);
            double error = (double)(sketch.Estimate - names) / names;
            sum += error;
            squares += error * error;
        }

        Assert.InRange(sum / Rounds, -0.02, 0.02);
        Assert.InRange(Math.Sqrt(squares / Rounds), 0, 0.045);
    }

    [Fact]
    public void Repeating_names_changes_nothing()
    {
        NameSketch sketch = new();
        for (int i = 0; i < 5_000; i++) Add(sketch, i);
        long estimate = sketch.Estimate;
        for (int i = 0; i < 5_000; i++) Assert.False(Add(sketch, i));
        Assert.Equal(estimate, sketch.Estimate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(100_000)]
    public void A_packed_sketch_tells_the_same_and_is_bounded(int names)
    {
        NameSketch sketch = new();
        for (int i = 0; i < names; i++) Add(sketch, i);
        byte[] packed = new byte[NameSketch.MaxPackedLength];
        int length = sketch.Pack(packed);
        Assert.Equal(names == 0, sketch.IsEmpty);
        Assert.Equal(sketch.Estimate, NameSketch.EstimateOfPacked(packed.AsSpan(0, length)));
        if (length > 1) Assert.Equal(-1, NameSketch.EstimateOfPacked(packed.AsSpan(0, length - 1)));
    }

    [Theory]
    [InlineData("0000")] // rank 0 says nothing
    [InlineData("003F")] // a rank above 55
    [InlineData("00410041")] // the same register twice
    [InlineData("00810041")] // not rising
    [InlineData("00")]
    public void What_is_no_packed_sketch_is_refused(string hex) => Assert.Equal(-1, NameSketch.EstimateOfPacked(Convert.FromHexString(hex)));

    [Fact]
    public void A_full_form_that_the_short_one_could_say_is_refused()
    {
        byte[] full = new byte[NameSketch.MaxPackedLength];
        full[0] = 4;
        Assert.Equal(-1, NameSketch.EstimateOfPacked(full));
    }

    private static bool Add(NameSketch sketch, long number)
    {
        Assert.True(DomainName.TryParse(string.Create(CultureInfo.InvariantCulture, $"x{number:x}.flood.example"), out DomainName name));
        return sketch.Add(name.Wire);
    }
}
