using Softphone.Audio;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>SIP messages as a file of the folder of reports.</summary>
internal static class MessageFile
{
    /// <summary>Writes them; what is told of it.</summary>
    public static string Write(KeptFolders folders, PhoneCommand.SaveMessages save, Func<Instant, DateTimeOffset> clock)
    {
        var path = Path.Combine(folders.Reports, $"{FileNames.Stamp(DateTimeOffset.Now)}-{FileNames.Of(save.Name)}") + (save.Format == MessageFormat.Text ? ".txt" : ".pcapng");
        PrivateFile.CreateFolder(folders.Reports);
        var messages = save.Messages.Count;
        if (save.Format == MessageFormat.Text)
        {
            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(RecordText.Messages(save.Messages, clock)));
        }
        else
        {
            using var content = new PcapngContent();
            messages = RecordText.WriteMessages(content, save.Messages, clock);
            AtomicFile.Write(path, content.ToArray());
        }

        return $"saved: {path}, {messages} SIP messages with their secrets masked";
    }
}
