using System.Text;

namespace Signet.Policies;

/// <summary>
/// A pattern for a whole text: literals, <c>?</c> for one UTF-16 unit, <c>*</c> for any number of them. Matching never goes back
/// over a <c>*</c>: the leftmost place for each literal run is always good enough, so the cost is bounded by the length of the text
/// times the longest run, whatever the number of stars (<see cref="CostOn"/>).
/// </summary>
internal sealed class Glob
{
    private readonly Run[] _runs;
    private readonly int _minLength;
    private readonly int _longestBetweenStars;
    private readonly bool _hasUpperCase;

    private Glob(Run[] runs)
    {
        _runs = runs;
        _minLength = runs.Sum(r => r.Length);
        _longestBetweenStars = runs.Length > 2 ? runs[1..^1].Max(r => r.Length) : 0;
        _hasUpperCase = runs.Any(r => r.HasUpperCase);
    }

    /// <summary>Characters other than stars.</summary>
    public int Length => _minLength;

    /// <summary>
    /// What <see cref="Matches"/> costs at most, in steps of <see cref="EvaluationBudget"/>: a run between two stars may be tried at every
    /// place of the text.
    /// </summary>
    public int CostOn(RequestText value) =>
        value.Text.Length < _minLength ? 1 : 1 + (value.Text.Length / 32) + (value.Text.Length * _longestBetweenStars / 16);

    /// <summary>True if the whole of <paramref name="value"/> fits.</summary>
    public bool Matches(RequestText value, bool ignoreCase)
    {
        var text = value.Text.AsSpan();
        if (text.Length < _minLength)
        {
            return false;
        }

        var foldFrom = ignoreCase ? 0 : _hasUpperCase ? value.LowerFrom : text.Length;
        var first = _runs[0];
        if (_runs.Length == 1)
        {
            return text.Length == first.Length && first.IsAt(text, 0, foldFrom);
        }

        var last = _runs[^1];
        var end = text.Length - last.Length;
        if (!last.IsAt(text, end, foldFrom) || !first.IsAt(text, 0, foldFrom))
        {
            return false;
        }

        var position = first.Length;
        foreach (var run in _runs.AsSpan(1, _runs.Length - 2))
        {
            position = run.Find(text[..end], position, foldFrom);
            if (position < 0)
            {
                return false;
            }

            position += run.Length;
        }

        return true;
    }

    /// <summary>Reads <c>*</c> and <c>?</c> as wildcards and all else as it stands.</summary>
    public static Glob Parse(string text)
    {
        var builder = new Builder();
        builder.AppendPattern(text);
        return builder.Build();
    }

    /// <summary>Puts a pattern together from parts that are literal and parts that are not.</summary>
    internal sealed class Builder
    {
        private readonly List<Run> _runs = [];
        private readonly StringBuilder _text = new();
        private readonly List<int> _any = [];

        public void AppendLiteral(ReadOnlySpan<char> text) => _text.Append(text);

        /// <summary>Appends text in which <c>*</c> and <c>?</c> are wildcards.</summary>
        public void AppendPattern(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
            {
                switch (c)
                {
                    case '*':
                        EndRun(isLast: false);
                        break;
                    case '?':
                        _any.Add(_text.Length);
                        _text.Append(c);
                        break;
                    default:
                        _text.Append(c);
                        break;
                }
            }
        }

        public Glob Build()
        {
            EndRun(isLast: true);
            return new Glob([.. _runs]);
        }

        private void EndRun(bool isLast)
        {
            // Only the first and the last run may be empty: `a**b` is `a*b`.
            if (_text.Length > 0 || _runs.Count == 0 || isLast)
            {
                _runs.Add(new Run(_text.ToString(), _any));
            }

            _text.Clear();
            _any.Clear();
        }
    }

    /// <summary>What stands between two stars.</summary>
    private sealed class Run
    {
        private readonly string _text;

        /// <summary>True where any character fits; null when that is nowhere, which most patterns are.</summary>
        private readonly bool[]? _any;

        public Run(string text, List<int> any)
        {
            _text = text;
            if (any.Count > 0)
            {
                _any = new bool[text.Length];
                any.ForEach(i => _any[i] = true);
            }
        }

        public int Length => _text.Length;

        public bool HasUpperCase => _text.Any(char.IsUpper);

        /// <summary>
        /// True if this run stands at <paramref name="offset"/>; case does not count from <paramref name="foldFrom"/> on.
        /// </summary>
        public bool IsAt(ReadOnlySpan<char> text, int offset, int foldFrom)
        {
            var there = text.Slice(offset, Length);
            if (_any is null && offset + Length <= foldFrom)
            {
                return there.SequenceEqual(_text);
            }

            if (_any is null)
            {
                var exact = Math.Clamp(foldFrom - offset, 0, Length);
                return there[..exact].SequenceEqual(_text.AsSpan(0, exact))
                    && there[exact..].Equals(_text.AsSpan(exact), StringComparison.OrdinalIgnoreCase);
            }

            for (var i = 0; i < there.Length; i++)
            {
                var same = there[i] == _text[i]
                    || (offset + i >= foldFrom && char.ToUpperInvariant(there[i]) == char.ToUpperInvariant(_text[i]));
                if (!_any[i] && !same)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>The leftmost place at or after <paramref name="start"/> where this run stands, or -1.</summary>
        public int Find(ReadOnlySpan<char> text, int start, int foldFrom)
        {
            if (_any is null && foldFrom >= text.Length)
            {
                var found = text[start..].IndexOf(_text, StringComparison.Ordinal);
                return found < 0 ? -1 : start + found;
            }

            for (var at = start; at + Length <= text.Length; at++)
            {
                if (IsAt(text, at, foldFrom))
                {
                    return at;
                }
            }

            return -1;
        }
    }
}
