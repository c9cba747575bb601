using System.Collections.Frozen;

namespace Signet.Messages;

/// <summary>
/// The attachments that SES refuses, by the extension of their file name (SES Developer Guide, "Unsupported attachment types").
/// </summary>
internal static class Attachments
{
    private static readonly FrozenSet<string> RefusedExtensions = string.Join(
        ' ',
        "ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js jse ksh lib lnk mad maf",
        "mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msh1xml msh2xml msi msp mst ops pcd",
        "pif plg prf prg reg scf scr sct shb shs sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp url vb vbe vbs vps vsmacros vss vst vsw",
        "vxd ws wsc wsf wsh xnk").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The refusal of a part that is named so; null when the name is fine. Windows opens <c>a.exe.</c> as <c>a.exe</c>, so dots, blanks
    /// and control characters at the end do not count.
    /// </summary>
    public static string? Problem(string fileName)
    {
        var end = fileName.Length;
        while (end > 0 && (fileName[end - 1] == '.' || char.IsWhiteSpace(fileName[end - 1]) || char.IsControl(fileName[end - 1])))
        {
            end--;
        }

        var dot = fileName.AsSpan(0, end).LastIndexOf('.');
        return dot >= 0 && RefusedExtensions.Contains(fileName[(dot + 1)..end])
            ? $"Attachment '{fileName}' has a file type that is not accepted."
            : null;
    }
}
