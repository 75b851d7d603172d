namespace Softphone.Phone;

/// <summary>Which kind of server is at the other end, so that its habits are met.</summary>
public enum AccountPreset
{
    Generic,
    Asterisk,
    Freeswitch,
    Kamailio,
    Provider,
    FritzBox,
    Strict,
}
