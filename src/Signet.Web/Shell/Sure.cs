using MudBlazor;

namespace Signet.Web.Shell;

/// <summary>Asks before something is done that cannot be undone.</summary>
internal static class Sure
{
    /// <param name="dialogs">Of the page.</param>
    /// <param name="title">The question, with what it is about.</param>
    /// <param name="text">What follows from a yes.</param>
    /// <param name="yes">The word on the button.</param>
    /// <param name="no">The word on the other one, which has the focus.</param>
    /// <returns>False also when the dialog is closed otherwise.</returns>
    public static async Task<bool> AskAsync(this IDialogService dialogs, string title, string text, string yes, string no = "Cancel")
    {
        var dialog = await dialogs.ShowAsync<SureDialog>(
            title,
            new DialogParameters<SureDialog> { { d => d.Title, title }, { d => d.Text, text }, { d => d.Yes, yes }, { d => d.No, no } });
        return await dialog.Result is { Canceled: false };
    }
}
