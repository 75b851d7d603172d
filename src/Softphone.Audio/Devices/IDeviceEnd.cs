namespace Softphone.Audio;

/// <summary>The phone's end of a device, as the keeper of the device sees it: something to give rings to.</summary>
internal interface IDeviceEnd
{
    /// <summary>Uses this ring from the next frame on; null stands for no device. From the thread of the devices.</summary>
    void Attach(SampleRing? ring);

    /// <summary>True once the frames go over this ring, and the one before is no longer touched.</summary>
    bool HasTaken(SampleRing ring);
}
