namespace Softphone.Sip;

/// <summary>What a dialog is about, by its first request.</summary>
public static class SipDialogKinds
{
    /// <summary>The kind of a method. A watch that began in the middle of a call sees what goes on in one.</summary>
    public static SipDialogKind Of(string method) => method switch
    {
        SipMethod.Invite or SipMethod.Ack or SipMethod.Bye or SipMethod.Cancel or SipMethod.Prack or SipMethod.Update or SipMethod.Info => SipDialogKind.Call,
        SipMethod.Register => SipDialogKind.Registration,
        SipMethod.Options => SipDialogKind.Options,
        SipMethod.Subscribe or SipMethod.Notify => SipDialogKind.Subscription,
        SipMethod.Publish => SipDialogKind.Publication,
        SipMethod.Message => SipDialogKind.Message,
        _ => SipDialogKind.Other,
    };
}
