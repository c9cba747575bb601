using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Signet.Web.Shell;

/// <summary>Opens dialogs, one at a time: the second click of a double click opens nothing.</summary>
public sealed class OneDialog(IDialogService dialogs)
{
    private bool isOpen;

    /// <returns>The result of the dialog; null when it was cancelled or its page was left, or when another dialog is open.</returns>
    public async Task<DialogResult?> ShowAsync<T>(string? title, DialogParameters<T> parameters, DialogOptions? options = null)
        where T : ComponentBase
    {
        if (isOpen)
        {
            return null;
        }

        isOpen = true;
        try
        {
            var dialog = await dialogs.ShowAsync<T>(title, parameters, options ?? new DialogOptions());
            return await dialog.Result is { Canceled: false } result ? result : null;
        }
        finally
        {
            isOpen = false;
        }
    }

    /// <summary>Asks before something is done that cannot be undone.</summary>
    /// <param name="title">The question, with what it is about.</param>
    /// <param name="text">What follows from a yes.</param>
    /// <param name="yes">The word on the button.</param>
    /// <param name="no">The word on the other one, which has the focus.</param>
    /// <returns>False also when the dialog is closed otherwise.</returns>
    public async Task<bool> AskAsync(string title, string text, string yes, string no = "Cancel") =>
        await ShowAsync(
            title,
            new DialogParameters<SureDialog> { { d => d.Title, title }, { d => d.Text, text }, { d => d.Yes, yes }, { d => d.No, no } }) is not null;
}
