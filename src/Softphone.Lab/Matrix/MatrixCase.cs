namespace Softphone.Lab;

/// <summary>One cell of the matrix: two NAT types, where the ends are, and what they have.</summary>
/// <param name="A">NAT type before the end that offers and controls.</param>
/// <param name="B">NAT type before the other; the same as <paramref name="A"/> behind one NAT.</param>
/// <param name="Place">Behind different NATs, or in which way behind one.</param>
/// <param name="Turn">Both ends have a TURN server: over UDP, or over TCP where no UDP passes.</param>
/// <param name="Components">1, or 2 with a port of its own for RTCP.</param>
public readonly record struct MatrixCase(string A, string B, MatrixPlace Place, bool Turn, int Components)
{
    public bool IsSameNat => Place != MatrixPlace.Apart;

    /// <summary>Every case of these NAT types: with TURN first, one component first, different NATs first, then row by row.</summary>
    public static IEnumerable<MatrixCase> All(IReadOnlyList<string> types)
    {
        foreach (var turn in new[] { true, false })
        {
            for (var components = 1; components <= 2; components++)
            {
                foreach (var a in types)
                    foreach (var b in types) yield return new MatrixCase(a, b, MatrixPlace.Apart, turn, components);
                foreach (var a in types)
                    for (var place = MatrixPlace.SameLan; place <= MatrixPlace.InternalHairpin; place++) yield return new MatrixCase(a, a, place, turn, components);
            }
        }
    }

    public override string ToString() =>
        $"{A} to {B}{(IsSameNat ? $", {Place}" : "")}, {(Turn ? "TURN" : "no TURN")}, {Components} component{(Components == 1 ? "" : "s")}";
}
