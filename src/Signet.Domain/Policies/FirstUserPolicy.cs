namespace Signet.Policies;

/// <summary>The policy a user is made with: named <c>default</c>, and everything of SES unless something else is given.</summary>
public static class FirstUserPolicy
{
    /// <summary>The default policy of a new user, in the compact form that is stored.</summary>
    public const string FullAccess =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:*","Resource":"*"}]}""";

    public static PolicyName Name { get; } = PolicyName.Parse("default");
}
