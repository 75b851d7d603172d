using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>The story of a call for whoever must find out why a test failed: both SIP ladders, both ICE stories, the summaries.</summary>
internal static class Transcript
{
    private const int MostLines = 250;

    public static string Of(CallBench bench) => Of(
        $"seed {bench.Demo.Options.Seed}, {bench.Demo.GatewayA.Nat.Behavior} to {bench.Demo.GatewayB.Nat.Behavior}, {bench.World.Counters}",
        bench.Alice, bench.Bob);

    public static string Of(string title, params IEnumerable<VirtualPhone> phones)
    {
        var text = new StringBuilder(title).AppendLine();
        var lines = phones.SelectMany(p => p.Machine.Trace.Entries).Where(IsTold).OrderBy(e => e.At.Nanoseconds).ToList();
        foreach (var entry in lines.Take(MostLines)) text.AppendLine(entry.ToString());
        if (lines.Count > MostLines) text.AppendLine($"… {lines.Count - MostLines} more");
        foreach (var phone in phones)
        {
            foreach (var happened in phone.Events)
            {
                switch (happened)
                {
                    case PhoneEvent.CallEnded e:
                        text.AppendLine($"{e.At} ended: {e.Summary.Status} {e.Summary.Reason}, {e.Summary.Cause}, {e.Summary.Path}, {e.Summary.Audio}, {e.Summary.Fault}\n  {e.Summary.Explanation}");
                        break;
                    case PhoneEvent.CallChanged or PhoneEvent.Registration { State: RegistrationState.Failed }:
                        text.AppendLine(happened.ToString());
                        break;
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Everything, to compare two runs.</summary>
    public static string Whole(CallBench bench) =>
        string.Join('\n', bench.Alice.Machine.Trace.Entries.Concat(bench.Bob.Machine.Trace.Entries).Select(e => e is SipTrace.Message m ? $"{e}\n{m.Text}" : e.ToString()))
        + string.Join('\n', bench.Alice.Events.Concat(bench.Bob.Events).Select(e => e is PhoneEvent.CallEnded c ? c.Summary.ToString() : $"{e.GetType().Name} {e.At}"))
        + bench.World.Counters;

    private static bool IsTold(TraceEntry entry) => entry is SipTrace or IceTrace;
}
