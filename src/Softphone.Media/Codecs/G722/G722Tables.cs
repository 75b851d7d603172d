namespace Softphone.Media;

/// <summary>The constants of G.722 (tables 7 to 21 and the filter coefficients of §3 of the recommendation).</summary>
internal static class G722Tables
{
    /// <summary>Decision levels of the 60-level quantizer of the lower band.</summary>
    public static readonly short[] Decisions =
    [
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650,
        714, 786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
    ];

    /// <summary>The 4-bit inverse quantizer, which drives the adaptation.</summary>
    public static readonly short[] Inverse4 =
    [
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0,
    ];

    /// <summary>The 6-bit inverse quantizer, which makes the output.</summary>
    public static readonly short[] Inverse6 =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>The 2-bit inverse quantizer of the higher band.</summary>
    public static readonly short[] Inverse2 = [-7408, -1616, 7408, 1616];

    /// <summary>Log scale factor steps of the lower band, by the 4-bit code.</summary>
    public static readonly short[] LowSteps =
    [
        -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60,
    ];

    /// <summary>Log scale factor steps of the higher band, by the 2-bit code.</summary>
    public static readonly short[] HighSteps = [798, -214, 798, -214];

    /// <summary>Antilogarithm of the fraction of a scale factor.</summary>
    public static readonly short[] Antilog =
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    /// <summary>Every second coefficient of the 24-tap quadrature mirror filter; the others are the same in reverse.</summary>
    public static readonly short[] Mirror = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];
}
