namespace Softphone.Phone;

/// <summary>A phone whose accounts can be taken over.</summary>
public enum ForeignPhone
{
    /// <summary>The file accounts.</summary>
    Baresip,

    /// <summary>linphonerc, ~/.linphonerc.</summary>
    Linphone,

    /// <summary>A file for --config-file.</summary>
    Pjsua,

    /// <summary>MicroSIP.ini.</summary>
    MicroSip,

    /// <summary>~/.twinkle/NAME.cfg.</summary>
    Twinkle,
}
