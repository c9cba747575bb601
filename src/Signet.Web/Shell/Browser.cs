using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Signet.Web.Assets;

namespace Signet.Web.Shell;

/// <summary>What only the browser can do, through <c>Assets/signet.js</c>. One per open page.</summary>
internal sealed class Browser(IJSRuntime js, NavigationManager navigation) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;

    /// <summary>Goes to another document, without hearing of it: what comes back from a session that has ended is not listened to.</summary>
    public async Task LeaveAsync(string address)
    {
        try
        {
            await js.InvokeVoidAsync("location.assign", address);
        }
        catch (Exception exception) when (exception is OperationCanceledException or JSDisconnectedException)
        {
            // It has gone.
        }
    }

    public async Task CopyAsync(string text) => await (await ModuleAsync()).InvokeVoidAsync("copy", text);

    /// <summary>Keeps which colours to use, for a year.</summary>
    public async Task KeepThemeAsync(string name) =>
        await (await ModuleAsync()).InvokeVoidAsync("keepTheme", name, new Uri(navigation.BaseUri).AbsolutePath);

    public async Task ToTopAsync(ElementReference element) => await (await ModuleAsync()).InvokeVoidAsync("toTop", element);

    /// <summary>
    /// Calls <c>OnTopChanged(bool)</c> of the page whenever the list is scrolled to its top or away from it, and lets the arrow keys go
    /// from line to line.
    /// </summary>
    /// <param name="list">The element that scrolls.</param>
    /// <param name="page">The component to call.</param>
    /// <param name="ending">Cancelled when the page is closed, which may be before the browser has the module.</param>
    public async Task WatchListAsync<T>(ElementReference list, DotNetObjectReference<T> page, CancellationToken ending)
        where T : class
    {
        var loaded = await ModuleAsync();
        if (!ending.IsCancellationRequested)
        {
            await loaded.InvokeVoidAsync("watchList", list, page);
        }
    }

    public async Task FocusAsync(string id) => await (await ModuleAsync()).InvokeVoidAsync("focus", id);

    /// <summary>Lets Tab write two spaces in a text area; Escape, then Tab still leaves it.</summary>
    public async Task WriteTabsAsync(ElementReference area) => await (await ModuleAsync()).InvokeVoidAsync("writeTabs", area);

    public async ValueTask DisposeAsync()
    {
        if (module is null)
        {
            return;
        }

        try
        {
            await (await module).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is closed: there is nothing left to dispose.
        }
    }

    private Task<IJSObjectReference> ModuleAsync() =>
        module ??= js.InvokeAsync<IJSObjectReference>("import", navigation.ToAbsoluteUri(AssetFiles.Address("signet.js")).AbsolutePath
            + navigation.ToAbsoluteUri(AssetFiles.Address("signet.js")).Query).AsTask();
}
