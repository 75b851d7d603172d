using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>A phone that notes what it is asked, and answers for a view when it is told to.</summary>
internal sealed class FakePhone : IPhoneLink
{
    public List<PhoneCommand> Asked { get; } = [];

    public int ViewsAsked { get; private set; }

    public bool IsShuttingDown { get; private set; }

    public void Do(PhoneCommand command) => Asked.Add(command);

    public void Watch(CallId? call)
    {
    }

    public void AskView() => ViewsAsked++;

    public void Shutdown() => IsShuttingDown = true;
}
