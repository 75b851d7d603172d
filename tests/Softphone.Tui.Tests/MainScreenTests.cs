using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>The main screen at the three sizes that must be good.</summary>
public sealed class MainScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 } };

    /// <summary>Smaller than most people have, down to the least that is drawn.</summary>
    public static TheoryData<int, int> SmallSizes => new() { { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    [MemberData(nameof(SmallSizes))]
    public void Main_Idle_IsThis(int width, int height) => Golden.Check(new Person(Views.Idle, width, height).Look(), $"main-idle-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    [MemberData(nameof(SmallSizes))]
    public void Main_Busy_IsThis(int width, int height) => Golden.Check(new Person(Views.Busy, width, height).Look(), $"main-busy-{width}x{height}");
}
