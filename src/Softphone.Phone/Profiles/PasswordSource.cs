namespace Softphone.Phone;

/// <summary>Where a password comes from. The shell fetches it; the text form never shows one.</summary>
public abstract record PasswordSource
{
    private PasswordSource()
    {
    }

    /// <summary>The first line that a shell command prints.</summary>
    public sealed record Command(string Line) : PasswordSource
    {
        public override string ToString() => $"password-command: {Line}";
    }

    /// <summary>The value of an environment variable.</summary>
    public sealed record Environment(string Variable) : PasswordSource
    {
        public override string ToString() => $"password-env: {Variable}";
    }

    /// <summary>Written in the file itself, which must then be readable by its owner alone.</summary>
    public sealed record Literal(string Password) : PasswordSource
    {
        public override string ToString() => "password: (hidden)";
    }
}
