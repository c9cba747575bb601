using Signet.Server.Aws;
using Signet.Server.Ses;

namespace Signet.Fuzz.Targets;

/// <summary>A form body, read as the input of every action.</summary>
internal static class QueryParametersTarget
{
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        try
        {
            var parameters = QueryParameters.Of(FormEncoding.Decode(input));
            foreach (var action in SesActions.All.OfType<SesAction.Supported>())
            {
                Decode(action.Input, parameters);
            }
        }
        catch (AwsException)
        {
            // A documented refusal.
        }
    }

    private static void Decode(Structure shape, QueryParameters parameters)
    {
        try
        {
            shape.Decode(parameters.Root);
        }
        catch (AwsException)
        {
            // A documented refusal; the next action may take what this one does not.
        }
    }
}
