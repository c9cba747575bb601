using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class MailboxSimulatorTests
{
    [Theory]
    [InlineData("success@simulator.amazonses.com", SimulatedOutcome.Success)]
    [InlineData("SUCCESS@Simulator.AmazonSES.com", SimulatedOutcome.Success)]
    [InlineData("bounce+run-7@simulator.amazonses.com", SimulatedOutcome.Bounce)]
    [InlineData("ooto@simulator.amazonses.com", SimulatedOutcome.OutOfOffice)]
    [InlineData("complaint@simulator.amazonses.com", SimulatedOutcome.Complaint)]
    [InlineData("suppressionlist@simulator.amazonses.com", SimulatedOutcome.SuppressionList)]
    [InlineData("anything-else@simulator.amazonses.com", SimulatedOutcome.SuppressionList)]
    public void Each_address_has_its_outcome(string address, SimulatedOutcome wanted)
    {
        Assert.True(MailboxSimulator.TryGetOutcome(EmailAddress.Parse(address), out var outcome));
        Assert.Equal(wanted, outcome);
    }

    [Theory]
    [InlineData("success@amazonses.com")]
    [InlineData("success@sub.simulator.amazonses.com")]
    [InlineData("success@simulator.amazonses.com.example.com")]
    public void Other_domains_are_not_the_simulator(string address)
    {
        Assert.False(MailboxSimulator.Has(EmailAddress.Parse(address)));
        Assert.False(MailboxSimulator.TryGetOutcome(EmailAddress.Parse(address), out _));
    }
}
