namespace Signet.Smtp;

/// <summary>What became of a transaction, recipient by recipient.</summary>
public sealed class TransactionResult
{
    private readonly SmtpAnswer?[] _answers;
    private readonly bool[] _accepted;

    internal TransactionResult(int recipients) => (_answers, _accepted) = (new SmtpAnswer?[recipients], new bool[recipients]);

    /// <summary>The deciding answer to each recipient, in the order of the recipients; null for one who had none when it broke off.</summary>
    public IReadOnlyList<SmtpAnswer?> Answers => _answers;

    /// <summary>Why it broke off; null when everybody has an answer.</summary>
    public SmtpException? Failure { get; private set; }

    /// <summary>Whether the server has taken a recipient that has no final answer yet.</summary>
    internal bool HasAccepted => _accepted.AsSpan().Contains(true);

    /// <summary>Whether somebody has no final answer yet.</summary>
    internal bool IsOpen => Array.Exists(_answers, a => a is null);

    internal void Mail(SmtpReply reply)
    {
        if (!reply.IsPositive)
        {
            AnswerAll(SmtpStage.Mail, reply);
        }
    }

    internal void Recipient(int index, SmtpReply reply)
    {
        if (_answers[index] is not null)
        {
            return;
        }

        if (reply.IsPositive)
        {
            _accepted[index] = true;
        }
        else
        {
            _answers[index] = new SmtpAnswer(SmtpStage.Recipient, reply);
        }
    }

    /// <summary>The answer for all who have none.</summary>
    internal void AnswerAll(SmtpStage stage, SmtpReply reply)
    {
        for (var i = 0; i < _answers.Length; i++)
        {
            _answers[i] ??= new SmtpAnswer(stage, reply);
            _accepted[i] = false;
        }
    }

    /// <summary>The answer for all who were accepted.</summary>
    internal void Finish(SmtpStage stage, SmtpReply reply)
    {
        for (var i = 0; i < _answers.Length; i++)
        {
            if (_accepted[i])
            {
                _answers[i] ??= new SmtpAnswer(stage, reply);
            }
        }
    }

    internal void BreakOff(SmtpException failure) => Failure = IsOpen ? failure : null;
}
