using Signet.Sending;

namespace Signet.Tests.Sending;

public sealed class RefusalTests
{
    [Fact]
    public void A_list_of_addresses_that_is_too_long_ends_with_an_ellipsis_after_a_whole_address()
    {
        var addresses = Enumerable.Range(100, 50).Select(i => $"someone{i}@example.com").ToList();

        var text = new Refusal.NotVerified(addresses, "eu-west-1").Text;

        Assert.EndsWith("someone120@example.com, ...", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_refusal_repeats_more_than_a_thousand_characters()
    {
        var text = new Refusal.NoSuchConfigurationSet(new string('x', 1_000_000)).Text;

        Assert.InRange(text.Length, 900, 1_000);
        Assert.StartsWith("Configuration set <xxx", text, StringComparison.Ordinal);
        Assert.EndsWith("xxx> does not exist.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_address_shows_however_long_it_is()
    {
        var address = new string('a', 600) + "@example.com";

        var text = new Refusal.NotVerified([address, "b@example.com"], "eu-west-1").Text;

        Assert.EndsWith($"{address}, ...", text, StringComparison.Ordinal);
    }
}
