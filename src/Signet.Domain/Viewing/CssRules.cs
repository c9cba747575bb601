using System.Collections.Frozen;

namespace Signet.Viewing;

/// <summary>What of a message's style sheets is shown.</summary>
internal static class CssRules
{
    /// <summary>At-rules that fetch nothing. <c>@font-face</c> is not among them: there is no font that came with a message.</summary>
    public static readonly FrozenSet<string> AtRules =
        Set("media supports keyframes -webkit-keyframes -moz-keyframes -o-keyframes layer container");

    /// <summary>
    /// Functions, those of selectors included. Not among them: what takes a string for an address, such as <c>image-set</c>.
    /// </summary>
    public static readonly FrozenSet<string> Functions = Set(
        """
        rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp round abs sign pow sqrt var env
        linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient
        -webkit-linear-gradient -webkit-radial-gradient -moz-linear-gradient -moz-radial-gradient -o-linear-gradient
        translate translatex translatey translatez translate3d rotate rotatex rotatey rotatez rotate3d scale scalex scaley scalez scale3d
        skew skewx skewy matrix matrix3d perspective cubic-bezier steps blur brightness contrast drop-shadow grayscale hue-rotate invert
        opacity saturate sepia minmax repeat fit-content inset circle ellipse polygon rect counter counters attr
        not is where has lang dir nth-child nth-last-child nth-of-type nth-last-of-type -moz-any -webkit-any selector style
        """);

    /// <summary>Properties of old browsers that run code, whatever their value.</summary>
    public static readonly FrozenSet<string> CodeProperties =
        Set("behavior behaviour -ms-behavior -moz-binding -ms-filter -o-link -o-link-source");

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
