using MudBlazor;

namespace Signet.Web.Shell;

/// <summary>
/// The colours and letters of the console. Every pair of text and ground has a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3), in light
/// and in dark; fonts are the system's, for nothing is loaded.
/// </summary>
internal static class SignetTheme
{
    private static readonly string[] SystemFonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#8c2f39",
            PrimaryContrastText = "#ffffff",
            Secondary = "#33586b",
            Tertiary = "#5a4b81",
            Info = "#1f5f8b",
            Success = "#1e6b3a",
            Warning = "#8a5200",
            Error = "#b3261e",
            Black = "#1c1b1f",
            Background = "#f7f6f4",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1c1b1f",
            DrawerBackground = "#ffffff",
            DrawerText = "#1c1b1f",
            DrawerIcon = "#54514d",
            TextPrimary = "#1c1b1f",
            TextSecondary = "#54514d",
            TextDisabled = "#6b6763",
            ActionDefault = "#54514d",
            LinesDefault = "#dedad5",
            TableLines = "#e6e2dd",
            Divider = "#dedad5",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#f0a6ab",
            PrimaryContrastText = "#3a0d12",
            Secondary = "#a3c6d8",
            SecondaryContrastText = "#0c2430",
            Tertiary = "#c9bdf0",
            Info = "#9ccaf0",
            InfoContrastText = "#06243b",
            Success = "#8fd6a5",
            SuccessContrastText = "#06280f",
            Warning = "#f2c078",
            WarningContrastText = "#331d00",
            Error = "#f5aca6",
            ErrorContrastText = "#410002",
            Black = "#141316",
            Background = "#161518",
            Surface = "#1f1e22",
            AppbarBackground = "#1f1e22",
            AppbarText = "#ece9e6",
            DrawerBackground = "#1f1e22",
            DrawerText = "#ece9e6",
            DrawerIcon = "#c4bfba",
            TextPrimary = "#ece9e6",
            TextSecondary = "#c4bfba",
            TextDisabled = "#a09b96",
            ActionDefault = "#c4bfba",
            LinesDefault = "#3a383e",
            TableLines = "#333136",
            Divider = "#3a383e",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = SystemFonts, FontSize = "0.9rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography { TextTransform = "none", FontFamily = SystemFonts, LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", DrawerWidthLeft = "220px", AppbarHeight = "52px" },
    };
}
