using Signet.Accounts;
using Signet.Names;

namespace Signet.Tests.Accounts;

public sealed class SmtpCredentialsTests
{
    [Theory]
    [InlineData("us-east-1", "BLBM/9hSUELfq8Gw+rU1YcBjkOxGbhT2XG763xVLGWL9")]
    [InlineData("us-west-2", "BF2PynzbSCAjX08zhZZnP/kW+T9P5zs/1Er0pi5vTEmd")]
    [InlineData("eu-west-1", "BMW5RDrXmmVs0lV7GpI4oLkHXpZ4stDsk6q91z1g38Pk")]
    public void The_password_is_derived_from_secret_and_region(string region, string password)
    {
        Assert.Equal(password, SmtpCredentials.PasswordFor("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Region.Parse(region)));
    }
}
