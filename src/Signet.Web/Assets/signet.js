// What Blazor cannot do: the clipboard, a cookie, the scroll position, the keys of a list. Imported by Shell/Browser.cs.

export const copy = text => navigator.clipboard.writeText(text);

// The shell of the next page is rendered with it, so that no page flashes in the other colours.
export const keepTheme = (name, path) => {
  document.cookie = `signet-theme=${name}; path=${path}; max-age=31536000; samesite=strict`;
  document.documentElement.dataset.theme = name;
};

export const toTop = element => { element.scrollTop = 0; };

// Calls back when a list is scrolled to its top or away from it, which may have been before. The list may be gone by now: nothing is
// left to watch then.
export const watchList = (list, page) => {
  if (!list) {
    return;
  }
  let atTop = true;
  const tell = () => {
    const now = list.scrollTop < 8;
    if (now !== atTop) {
      atTop = now;
      page.invokeMethodAsync('OnTopChanged', atTop);
    }
  };
  list.addEventListener('scroll', tell, { passive: true });
  list.addEventListener('keydown', event => moveInList(list, event));
  tell();
};

// Lines that are scrolled out of sight leave the document, and the focus with them: keys that scroll far are the list's own. The arrows
// go from line to line, from the list itself to the first one in sight.
const moveInList = (list, event) => {
  const line = event.target.closest('.line');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (['PageDown', 'PageUp', 'Home', 'End'].includes(event.key)) {
    list.focus({ preventScroll: true });
  } else if (step && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const links = [...list.querySelectorAll('.line a')];
    const top = list.getBoundingClientRect().top + (list.querySelector('.line-head')?.offsetHeight ?? 0);
    const next = line
      ? links[links.indexOf(line.querySelector('a')) + step]
      : links.find(link => link.closest('.line').getBoundingClientRect().top >= top);
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
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
