Console.WriteLine("softphone");
