using Softphone.Simulator;

return SimulateCommand.Run(args);
