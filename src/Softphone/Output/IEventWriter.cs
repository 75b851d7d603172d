namespace Softphone.Cli;

/// <summary>Where the events of a verb go.</summary>
internal interface IEventWriter
{
    void Write(OutputEvent happened);
}
