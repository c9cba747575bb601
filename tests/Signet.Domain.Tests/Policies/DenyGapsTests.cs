using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class DenyGapsTests
{
    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("Uncovered"), "*.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_deny_of_an_address_lets_pass_is_told_with_what_would_deny_it(string name)
    {
        var file = Path.Combine(Golden.Folder("Uncovered"), name);

        var gaps = PolicyDocument.FindGaps(File.ReadAllText(file), PolicyCase.Identity("shop.test"));

        Golden.Matches(Path.ChangeExtension(file, ".txt"), string.Concat(gaps.Select(g => g + "\n")));
    }

    [Fact]
    public void A_deny_on_an_address_identity_does_not_reach_its_other_spellings()
    {
        var gaps = PolicyDocument.FindGaps(
            """
            {"Statement":{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"arn:aws:ses:us-east-1:111122223333:identity/boss@shop.test"}}
            """,
            PolicyCase.Identity("boss@shop.test"));

        Assert.Equal(
            "Statement 1 denies `boss@shop.test` and its labels, but not `Boss@shop.test`, which a verified domain covers: the case of a local part "
            + "counts. In a policy of the domain, `StringEqualsIgnoreCase` on `ses:FromAddress` denies both.",
            Assert.Single(gaps));
    }

    [Fact]
    public void A_text_that_is_no_policy_has_no_gaps() => Assert.Empty(PolicyDocument.FindGaps("{", PolicyCase.Identity("shop.test")));
}
