using Softphone.Fuzz;

return FuzzCommand.Run(args);
