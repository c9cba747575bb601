using Signet.Addresses;

namespace Signet.Server.Inspection;

/// <summary>A request that inspection does not answer. <see cref="InspectionGuard"/> turns it into the status and one sentence.</summary>
internal sealed class InspectionException(int status, string message) : Exception(Excerpt.Of(message))
{
    public int Status { get; } = status;

    public static InspectionException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static InspectionException NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    public static InspectionException Forbidden(string message) => new(StatusCodes.Status403Forbidden, message);
}
