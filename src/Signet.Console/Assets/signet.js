// What Blazor cannot do: the clipboard, a cookie, a download, the scroll position. Imported by Shell/Browser.cs.

export const copy = text => navigator.clipboard.writeText(text);

// The shell of the next page is rendered with it, so that no page flashes in the other colours.
export const keepTheme = (name, path) => {
  document.cookie = `signet-theme=${name}; path=${path}; max-age=31536000; samesite=strict`;
  document.documentElement.dataset.theme = name;
};

export const toTop = element => { element.scrollTop = 0; };

export const isAtTop = element => !element || element.scrollTop < 8;

// Calls back when a list is scrolled to its top or away from it.
export const watchTop = (element, page) => {
  let atTop = true;
  element.addEventListener('scroll', () => {
    const now = element.scrollTop < 8;
    if (now !== atTop) {
      atTop = now;
      page.invokeMethodAsync('OnTopChanged', atTop);
    }
  }, { passive: true });
};

export const focus = id => document.getElementById(id)?.focus();

// Tab writes two spaces, so that it can be undone; Escape, then Tab leaves (WCAG 2.1.2), and so does Shift+Tab.
export const writeTabs = area => {
  let leaving = false;
  area.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !leaving) {
      leaving = true;
      event.stopPropagation();
    } else if (event.key === 'Tab' && !leaving && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      document.execCommand('insertText', false, '  ');
    } else if (event.key !== 'Shift') {
      leaving = false;
    }
  });
  area.addEventListener('blur', () => { leaving = false; });
};
