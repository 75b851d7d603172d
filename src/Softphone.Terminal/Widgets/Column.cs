namespace Softphone.Terminal;

/// <summary>A column of a <see cref="Table"/>.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">Columns of the screen it takes; 0 shares what the others leave.</param>
/// <param name="IsRight">Its texts end at its right edge, as numbers do.</param>
/// <param name="Importance">In a narrow table the columns of the lowest one go first; 0 never goes.</param>
/// <param name="Least">A column that shares what is left gets at least so much, or others go.</param>
/// <param name="Most">It takes no more than so much; 0 sets no bound.</param>
public readonly record struct Column(string Title, int Width, bool IsRight = false, int Importance = 0, int Least = 8, int Most = 0);
