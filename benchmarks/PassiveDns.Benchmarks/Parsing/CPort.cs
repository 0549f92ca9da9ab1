using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>The algorithm of <see cref="ResponseDecoder"/> in C (Native/decoder.c), built by the C compiler of this machine.</summary>
internal static unsafe class CPort
{
    private const string Source = "decoder.c";

    private static readonly Lazy<nint> s_library = new(Build);

    /// <summary>Why it cannot run here, or <c>null</c>.</summary>
    public static string? Missing { get; private set; }

    /// <summary>Reads a message: 0 and the sum of its records' hashes, 1 if it is refused, 2 if it has a record that was not ported.</summary>
    public static delegate* unmanaged[SuppressGCTransition]<byte*, int, ulong*, int> Read =>
        (delegate* unmanaged[SuppressGCTransition]<byte*, int, ulong*, int>)NativeLibrary.GetExport(s_library.Value, "decoder_read");

    /// <summary>Builds and loads it, if that was not done yet.</summary>
    public static bool IsHere => s_library.Value != 0;

    private static nint Build()
    {
        Missing = !OperatingSystem.IsLinux() || !Avx2.IsSupported || !System.Runtime.Intrinsics.X86.Aes.IsSupported
            ? "it is written for Linux on x86-64 with AVX2 and AES"
            : null;
        if (Missing is not null) return 0;
        string source = Path.Combine(AppContext.BaseDirectory, "Native", Source);
        string library = Path.Combine(Directory.CreateTempSubdirectory("passivedns-").FullName, "decoder.so");
        try
        {
            Missing = Compile(source, library);
            if (Missing is not null) return 0;
            nint loaded = NativeLibrary.Load(library);
            Span<byte> keys = stackalloc byte[64];
            int at = 0;
            foreach (string key in (ReadOnlySpan<string>)["s_lane0", "s_lane1", "s_round1", "s_round2"]) KeyOf(key).CopyTo(keys[(16 * at++)..]);
            fixed (byte* start = keys) ((delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(loaded, "decoder_start"))(start);
            return loaded;
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(library)!, recursive: true); // what is loaded stays loaded
        }
    }

    private static string? Compile(string source, string library)
    {
        string[] arguments = ["-O3", "-march=native", "-shared", "-fPIC", "-o", library, source];
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
            string said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? null : "gcc refuses it: " + said.Split('\n')[0];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "gcc is not installed";
        }
    }

    /// <summary>The keys are secret on purpose; a port that is to give the same hashes must be told them.</summary>
    private static Vector128<byte> KeyOf(string field) =>
        (Vector128<byte>)typeof(OctetHash).GetField(field, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
