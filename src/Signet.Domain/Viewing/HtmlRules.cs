using System.Collections.Frozen;

namespace Signet.Viewing;

/// <summary>Which elements and attributes of a message's HTML are shown. What is in none of these lists is not.</summary>
internal static class HtmlRules
{
    /// <summary>Elements that are written. Of all others the tag is left out and the content kept, but for <see cref="Hidden"/>.</summary>
    public static readonly FrozenSet<string> Elements = Set(
        """
        a abbr acronym address area article aside b bdi bdo big blockquote br button caption center cite code col colgroup dd del details
        dfn dir div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li
        main map mark menu meter nav nobr ol p pre progress q rp rt ruby s samp section small span strike strong sub summary sup table
        tbody td tfoot th thead time tr tt u ul var wbr
        """);

    /// <summary>Elements without content.</summary>
    public static readonly FrozenSet<string> Void = Set("area br col hr img input wbr");

    /// <summary>Elements left out with all that they hold.</summary>
    public static readonly FrozenSet<string> Hidden = Set("script noscript noembed noframes iframe svg math template title xml");

    /// <summary>Attributes written as they are, whatever they hold: none is an address, a name that scripts would see, or code.</summary>
    public static readonly FrozenSet<string> Attributes = Set(
        """
        abbr align alt aria-describedby aria-hidden aria-label aria-labelledby bgcolor border bordercolor cellpadding cellspacing checked
        class clear color cols colspan compact coords datetime dir disabled face for frame headers height high hspace id label lang
        leftmargin low marginheight marginwidth max min nohref noshade nowrap open optimum placeholder readonly reversed role rows rowspan
        rules scope shape size span start summary text title topmargin valign value vspace width
        """);

    /// <summary>Attributes whose value is fetched, on whatever element.</summary>
    public static readonly FrozenSet<string> Fetched = Set("background src srcset poster lowsrc dynsrc data");

    /// <summary>Elements whose <c>href</c> is fetched.</summary>
    public static readonly FrozenSet<string> FetchedByHref = Set("link image use feimage");

    /// <summary>Kinds of input that fetch nothing and open no dialog.</summary>
    public static readonly FrozenSet<string> InputTypes =
        Set("text email number tel url search checkbox radio button submit reset password");

    // What begins, and which open elements end by that, up to which others (HTML §13.2.6.4.7). Else an old page that closes no `p`
    // would be as deep as it is long.
    private static readonly FrozenDictionary<string, Implied> ImpliedEnds = ImpliedTable();

    /// <summary>The elements that end when this one begins; null for none.</summary>
    public static Implied? EndedBy(string element) => ImpliedEnds.GetValueOrDefault(element);

    private static FrozenDictionary<string, Implied> ImpliedTable()
    {
        var table = new Dictionary<string, Implied>();
        var paragraph = new Implied(Set("p"), Set("button caption table td th"));
        foreach (var block in Set(
            """
            address article aside blockquote center details dir div dl fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr
            main menu nav ol p pre section summary table ul
            """))
        {
            table[block] = paragraph;
        }

        table["li"] = new Implied(Set("li"), Set("ul ol menu dir table td th"));
        table["dt"] = table["dd"] = new Implied(Set("dt dd"), Set("dl table td th"));
        table["td"] = table["th"] = new Implied(Set("td th caption"), Set("tr table"));
        table["tr"] = new Implied(Set("tr caption colgroup"), Set("tbody thead tfoot table"));
        table["tbody"] = table["thead"] = table["tfoot"] = new Implied(Set("tbody thead tfoot caption colgroup"), Set("table"));
        table["a"] = new Implied(Set("a"), Set("table td th caption button"));
        table["button"] = new Implied(Set("button"), Set("table td th"));
        return table.ToFrozenDictionary();
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <param name="Ends">The nearest open one of these ends, with all that is open in it.</param>
    /// <param name="Within">Nothing ends beyond the nearest open one of these.</param>
    internal sealed record Implied(FrozenSet<string> Ends, FrozenSet<string> Within);
}
