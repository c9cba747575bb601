namespace Signet.Identities;

/// <summary>Sends a confirmation mail; it is stored when the task ends.</summary>
public delegate Task SendConfirmation(ConfirmationMail mail, CancellationToken cancel);
