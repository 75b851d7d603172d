using Softphone.Cli;

var handlers = new VerbHandlers
{
    Tui = new TuiVerb(),
    Demo = new DemoVerb(),
    Call = new CallVerb(),
    Answer = new AnswerVerb(),
    Register = new RegisterVerb(),
    Options = new OptionsVerb(),
    Message = new MessageVerb(),
    Nat = new NatVerb(),
    Test = new TestVerb(),
    IceGather = new IceGatherVerb(),
    TurnTest = new TurnTestVerb(),
    LabMatrix = new MatrixVerb(),
    LabExplain = new ExplainVerb(),
    Devices = new DevicesVerb(),
    LabServe = new ServeVerb(),
};
using var ending = Ending.OfProcess();
var context = VerbContext.OfProcess(ending);
var code = context.Finish(await CommandLine.RunAsync(args, handlers, context, ending.Stop));
return ending.Close((int)code);
