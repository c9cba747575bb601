using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Signet.Addresses;

namespace Signet.Server.Inspection;

/// <summary>
/// Refuses a query parameter that a path does not have: a slip in its name would otherwise ask, or delete, more than was meant. So would an
/// empty value where something is deleted or reset: a variable of a script that was never set. The names are those that the handler takes.
/// </summary>
internal static class KnownParameters
{
    private const int MaxEcho = 100;

    public static EndpointFilterDelegate Only(EndpointFilterFactoryContext handler, EndpointFilterDelegate next)
    {
        var known = handler.MethodInfo.GetParameters().SelectMany(NamesOf).ToList();
        return invocation =>
        {
            var context = invocation.HttpContext;
            foreach (var (name, value) in context.Request.Query)
            {
                if (!known.Contains(name, StringComparer.OrdinalIgnoreCase) || context.Request.RouteValues.ContainsKey(name))
                {
                    var here = known.Where(k => !context.Request.RouteValues.ContainsKey(k)).Select(k => $"`{k}`").ToList();
                    throw InspectionException.BadRequest(
                        $"there is no parameter `{Excerpt.Of(name, MaxEcho)}` here: {(here.Count == 0 ? "this path takes none" : $"there are {string.Join(", ", here)}")}");
                }

                if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && string.IsNullOrEmpty(value))
                {
                    throw InspectionException.BadRequest($"`{name}` is empty: leave it out to mean all of them");
                }
            }

            return next(invocation);
        };
    }

    private static IEnumerable<string> NamesOf(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null
            ? parameter.ParameterType.GetProperties().Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name).OfType<string>()

        // One with a default, such as the name of the OpenAPI document, is not for callers.
        : parameter.ParameterType == typeof(string) && !parameter.HasDefaultValue ? [parameter.Name!]
        : [];
}
