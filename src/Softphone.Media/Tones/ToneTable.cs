namespace Softphone.Media;

/// <summary>The tones of each country, by its two letters (ISO 3166).</summary>
public static class ToneTable
{
    private static readonly Dictionary<string, ToneSet> Sets = new(StringComparer.OrdinalIgnoreCase);

    static ToneTable()
    {
        Add("us ca", "440+480 2/4", "480+620 .5/.5", "480+620 .25/.25", "440 .3/10");
        Add("uk gb ie", "400+450 .4/.2/.4/2", "400 .375/.375", "400 .4/.35/.225/.525", "400 .1/2.5");
        Add("de nl it ch dk pl at be se no fi cz eu", "425 1/4", "425 .48/.48", "425 .24/.24", "425 .2/.2/.2/5");
        Add("fr", "440 1.5/3.5", "440 .5/.5", "440 .25/.25", "440 .3/10");
        Add("es", "425 1.5/3", "425 .2/.2", "425 .2/.2/.2/.2/.2/.6", "425 .175/.175/.175/3.5");
        Add("au", "400+425 .4/.2/.4/2", "425 .375/.375", "425 .375/.375", "425 .2/.2/.2/4.4");
        Add("nz", "400+450 .4/.2/.4/2", "400 .5/.5", "400 .25/.25", "400 .2/.2/.2/4.4");
        Add("jp", "400*16 1/2", "400 .5/.5", "400 .5/.5", "400*16 .5/8");
        Add("in", "400*25 .4/.2/.4/2", "400 .75/.75", "400 .25/.25", "400 .2/.1/.2/7.5");
        Add("cn", "450 1/4", "450 .35/.35", "450 .7/.7", "450 .4/4");
        Add("br", "425 1/4", "425 .25/.25", "425 .25/.25/.75/.25", "425 .05/1");
    }

    /// <summary>The countries in the table.</summary>
    public static IReadOnlyCollection<string> Countries => Sets.Keys;

    /// <summary>"The number is not in service": three rising tones (ITU-T E.180 §3.10; 404, 410, 604).</summary>
    public static Tone SpecialInformation { get; } = Tone.Parse("950 .33, 1400 .33, 1800 .33/1");

    /// <summary>Finds the tones of a country; those of Europe when it is not in the table.</summary>
    public static ToneSet For(string country) => Sets.GetValueOrDefault(country) ?? Sets["eu"];

    private static void Add(string countries, string ringback, string busy, string congestion, string waiting)
    {
        var set = new ToneSet(Tone.Parse(ringback), Tone.Parse(busy), Tone.Parse(congestion), Tone.Parse(waiting));
        foreach (var country in countries.Split(' ')) Sets.Add(country, set);
    }
}
