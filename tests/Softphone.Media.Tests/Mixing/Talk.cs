namespace Softphone.Media.Tests;

/// <summary>Fills a frame with what somebody says from this sample on.</summary>
internal delegate void Talk(long at, Span<short> frame);
