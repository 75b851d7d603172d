namespace Softphone.House.Tests;

/// <summary>docs/architecture.md says of the house what is so.</summary>
public class HouseTableTests
{
    [Fact]
    public void Document_HasTheTablesOfTheHouse()
    {
        var document = File.ReadAllText(HouseTable.Document);
        var made = HouseTable.Make();
        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew") File.WriteAllText(HouseTable.Document, HouseTable.Replace(document, made));
        else Assert.Equal(made, HouseTable.Read(document), ignoreLineEndingDifferences: true);
    }
}
