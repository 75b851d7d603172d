using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>Turns the tls section of a profile into what a connection judges certificates by: its files are read here.</summary>
internal static class TrustReader
{
    /// <summary>Longer than a bundle of every issuer that browsers know.</summary>
    private const int LongestFile = 4 << 20;

    /// <exception cref="UsageException">A file cannot be used.</exception>
    public static TlsTrust Read(Profile profile, VerbContext context) =>
        TryRead(profile, context.Environment, out var trust, out var fault) ? trust : throw new UsageException(fault.What);

    /// <param name="profile">The profile.</param>
    /// <param name="environment">For the home folder that ~ stands for.</param>
    /// <param name="trust">What its servers may show.</param>
    /// <param name="fault">Which file cannot be used, and why.</param>
    public static bool TryRead(Profile profile, IReadOnlyDictionary<string, string> environment, [NotNullWhen(true)] out TlsTrust? trust, [NotNullWhen(false)] out Fault? fault)
    {
        (trust, fault) = (null, null);
        X509Certificate2Collection? roots = null;
        foreach (var name in profile.Tls.CaFiles)
        {
            var file = name.StartsWith("~/", StringComparison.Ordinal) && environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? Path.Combine(home, name[2..]) : name;
            if (Read(file, roots ??= []) is not { } why) continue;
            fault = new Fault(Layer.Profile, $"tls.ca: {file} {why}", "name a file with the certificate of the server's issuer, PEM, or leave tls.ca out");
            return false;
        }

        trust = new TlsTrust { UsesSystem = profile.Tls.TrustsSystem, Roots = roots, Pins = [.. profile.Tls.Fingerprints.Select(f => f["sha256:".Length..])] };
        return true;
    }

    /// <summary>Null when it was read, else what is wrong.</summary>
    private static string? Read(string file, X509Certificate2Collection roots)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var octets = new byte[LongestFile];
            var length = stream.ReadAtLeast(octets, LongestFile, throwOnEndOfStream: false);
            if (length == LongestFile) return "is too long for a file of certificates";
            var before = roots.Count;
            roots.ImportFromPem(System.Text.Encoding.Latin1.GetString(octets, 0, length));
            if (roots.Count == before) roots.Add(X509CertificateLoader.LoadCertificate(octets.AsSpan(0, length)));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"cannot be read: {e.Message}";
        }
        catch (CryptographicException)
        {
            return "holds no certificate";
        }
    }
}
